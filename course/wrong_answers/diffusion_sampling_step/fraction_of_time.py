# misconception: A network likes numbers between 0 and 1.
# says: integers of shape (batch, 1)

eps = model(x, torch.full((len(x), 1), t / len(betas)))
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
