# misconception: Evaluation mode stops the recording of gradients.
# says: mu and logvar still carry gradients

model.eval()
parameters = [model.encode(x.to(device)) for x, _ in test_loader]
mu, logvar = (torch.cat(batches) for batches in zip(*parameters))
