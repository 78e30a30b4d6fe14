# misconception: encode returns logvar first.
# says: are the two exchanged?

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        logvar, mu = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
