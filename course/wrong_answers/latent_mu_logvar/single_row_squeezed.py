# misconception: Axes of length one are of no use.
# says: must have same number of dimensions

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu.squeeze())
        logvar_all.append(logvar.squeeze())
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
