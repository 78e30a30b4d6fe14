# misconception: The mean over batches is built up by sums.
# says: should have the shape

model.eval()
mu, logvar = 0, 0
with torch.no_grad():
    for x, _ in test_loader:
        batch_mu, batch_logvar = model.encode(x.to(device))
        mu, logvar = mu + batch_mu.sum(0), logvar + batch_logvar.sum(0)
