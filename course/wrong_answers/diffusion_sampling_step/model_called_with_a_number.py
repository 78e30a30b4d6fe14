# misconception: A number is enough for t.
# says: integers of shape (batch, 1)

eps = model(x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
