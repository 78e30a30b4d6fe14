# misconception: The latent dimensions are joined too.
# says: should have the shape

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all).flatten(), torch.cat(logvar_all).flatten()
