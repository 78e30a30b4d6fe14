# misconception: numpy arrays are tensors.
# says: should be a tensor, but is a ndarray

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all).cpu().numpy(), torch.cat(logvar_all).cpu().numpy()
