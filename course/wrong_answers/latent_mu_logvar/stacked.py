# misconception: Batches are stacked.
# says: stack expects each tensor to be equal size

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.stack(mu_all), torch.stack(logvar_all)
