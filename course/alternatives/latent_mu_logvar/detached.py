# differs: detaches each batch

model.eval()
mu, logvar = [], []
for x, _ in iter(test_loader):
    m, s = model.encode(x.to(device))
    mu += m.detach()
    logvar += s.detach()
mu, logvar = torch.stack(mu), torch.stack(logvar)
