# misconception: torch.no_grad() works when it is called.
# says: mu and logvar still carry gradients

model.eval()
torch.no_grad()
mu_all, logvar_all = [], []
for x, _ in test_loader:
    mu, logvar = model.encode(x.to(device))
    mu_all.append(mu)
    logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
