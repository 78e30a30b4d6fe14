# differs: appends to two lists

model.eval()
mu_batches, logvar_batches = [], []
with torch.no_grad():
    for images, _ in test_loader:
        batch_mu, batch_logvar = model.encode(images.to(device))
        mu_batches.append(batch_mu)
        logvar_batches.append(batch_logvar)
mu, logvar = torch.cat(mu_batches, dim=0), torch.cat(logvar_batches, dim=0)
