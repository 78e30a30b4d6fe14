# misconception: The share of noise is beta over 1 - baralpha.
# says: the square root of 1 - baralpha_t is missing

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]) * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
