# misconception: There is one mu for the data set.
# says: it is averaged over the images

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all).mean(0), torch.cat(logvar_all).mean(0)
