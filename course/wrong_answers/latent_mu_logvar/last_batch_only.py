# misconception: The loop leaves everything behind.
# says: it holds the last batch only

model.eval()
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
