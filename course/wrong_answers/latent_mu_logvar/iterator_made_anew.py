# misconception: next(iter(loader)) goes on where it stopped.
# says: mu is not right

model.eval()
mu, logvar = [], []
with torch.no_grad():
    for _ in range(len(test_loader)):
        x, _ = next(iter(test_loader))
        m, s = model.encode(x.to(device))
        mu.append(m)
        logvar.append(s)
mu, logvar = torch.cat(mu)[:len(test_loader.dataset)], torch.cat(logvar)[:len(test_loader.dataset)]
