# differs: goes through the data twice

model.eval()
with torch.no_grad():
    mu = torch.cat([model.encode(x.to(device))[0] for x, _ in test_loader])
    logvar = torch.cat([model.encode(x.to(device))[1] for x, _ in test_loader])
