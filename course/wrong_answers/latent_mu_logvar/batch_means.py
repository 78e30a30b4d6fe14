# misconception: There is one mu for each batch.
# says: should have the shape

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu.mean(0))
        logvar_all.append(logvar.mean(0))
mu, logvar = torch.stack(mu_all), torch.stack(logvar_all)
