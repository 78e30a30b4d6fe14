# misconception: One batch is the data set.
# says: it holds the first batch only

model.eval()
x, _ = next(iter(test_loader))
with torch.no_grad():
    mu, logvar = model.encode(x.to(device))
