# misconception: A smaller batch is left out.
# says: the last, smaller batch is missing

model.eval()
mu_all, logvar_all, size = [], [], 0
with torch.no_grad():
    for x, _ in test_loader:
        size = max(size, len(x))
        if len(x) < size:
            continue
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
