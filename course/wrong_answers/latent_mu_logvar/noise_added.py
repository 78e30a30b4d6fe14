# misconception: Codes are drawn from q(z|x), the mean is not enough.
# says: is not right

model.eval()
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu + torch.exp(0.5 * logvar) * torch.randn_like(mu))
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
