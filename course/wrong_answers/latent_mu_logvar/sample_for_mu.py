# misconception: z is collected in place of mu.
# says: is not right

model.train()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(model.reparameterize(mu, logvar))
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
