# misconception: mu is collected twice.
# says: logvar: it holds mu

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(mu)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
