# misconception: Ten batches are enough.
# says: mu should have the shape

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for i, (x, _) in enumerate(test_loader):
        if i == 10:
            break
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
