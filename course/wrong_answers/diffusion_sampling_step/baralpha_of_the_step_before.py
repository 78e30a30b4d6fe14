# misconception: x_{t-1} has baralpha_{t-1}.
# says: the baralpha of another step is used

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t - 1]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
