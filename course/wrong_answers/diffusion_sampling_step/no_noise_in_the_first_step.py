# misconception: The first step starts from noise already.
# says: x_{t-1} has no noise

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if 0 < t < len(betas) - 1:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
