# differs: fills two tensors that were made beforehand

model.train(False)
count, first = len(test_loader.dataset), 0
mu, logvar = (torch.empty(count, model.latent_size, device=device) for _ in range(2))
with torch.no_grad():
    for x, _ in test_loader:
        last = first + len(x)
        mu[first:last], logvar[first:last] = model.encode(x.to(device))
        first = last
