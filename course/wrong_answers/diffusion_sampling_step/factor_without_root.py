# misconception: The factor is 1 / alpha_t.
# says: it is divided by alpha_t, not by its square root

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t]
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
