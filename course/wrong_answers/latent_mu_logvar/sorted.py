# misconception: The order of the rows does not matter.
# says: is not right

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all).sort(0).values, torch.cat(logvar_all).sort(0).values
