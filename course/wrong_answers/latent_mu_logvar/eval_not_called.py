# misconception: model.eval is written without its brackets.
# says: the model is still in training mode: model.eval()

model.eval
mu_all, logvar_all = [], []
with torch.no_grad():
    for x, _ in test_loader:
        mu, logvar = model.encode(x.to(device))
        mu_all.append(mu)
        logvar_all.append(logvar)
mu, logvar = torch.cat(mu_all), torch.cat(logvar_all)
