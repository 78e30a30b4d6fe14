# misconception: The last step is t = 1.
# says: x_{t-1} has no noise

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 1:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
