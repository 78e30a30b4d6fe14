# misconception: Each batch is put before the ones already there.
# says: the batches are in reverse order

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.insert(0, mu)
        logvar_all.insert(0, logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
