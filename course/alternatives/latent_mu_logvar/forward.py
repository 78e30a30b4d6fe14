# differs: takes mu and logvar from forward

model.eval()
with torch.no_grad():
    outputs = [model(x.to(device))[1:] for x, _ in test_loader]
mu, logvar = torch.cat([m for m, _ in outputs]), torch.cat([s for _, s in outputs])
