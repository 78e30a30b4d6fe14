# differs: lets two tensors grow from nothing

@torch.no_grad()
def parameters():
    mu, logvar = None, None
    for x, _ in test_loader:
        m, s = model.encode(x.to(device))
        mu = m if mu is None else torch.vstack([mu, m])
        logvar = s if logvar is None else torch.vstack([logvar, s])
    return mu, logvar


model = model.to(device).eval()
mu, logvar = parameters()
