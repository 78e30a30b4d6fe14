# misconception: Noise is standard normal.
# says: the noise is not scaled by sigma_t

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + torch.randn_like(x)
