# misconception: The loop ends after its first batch.
# says: it holds the first batch only

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
        break
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
