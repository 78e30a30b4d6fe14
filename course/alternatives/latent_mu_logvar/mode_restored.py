# differs: puts the model back into the mode it came in

was_training = model.training
model.eval()
with torch.set_grad_enabled(False):
    encoded = [torch.cat(model.encode(x.to(device)), dim=1) for x, _ in test_loader]
model.train(was_training)
mu, logvar = torch.cat(encoded).chunk(2, dim=1)
