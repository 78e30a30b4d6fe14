# misconception: The model knows the noise by itself.
# says: the model is told t

eps = predict_noise(model, x, len(betas) - 1)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
