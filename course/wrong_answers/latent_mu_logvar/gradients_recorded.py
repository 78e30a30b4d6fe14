# misconception: Gradients do no harm.
# says: mu and logvar still carry gradients

model.eval()
mu_all, logvar_all = [], []
for x, _ in test_loader:
    mu, logvar = model.encode(x.to(device))
    mu_all.append(mu)
    logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
