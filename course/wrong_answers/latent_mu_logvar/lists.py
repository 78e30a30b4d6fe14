# misconception: A list of batches is a tensor.
# says: should be a tensor, but is a list

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = mu_all, logvar_all
