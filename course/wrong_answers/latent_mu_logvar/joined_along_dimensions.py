# misconception: Batches are joined along the latent dimensions.
# says: Sizes of tensors must match

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all, dim=1), torch.cat(logvar_all, dim=1)
