# misconception: The noise is that of x_t.
# says: the variance 1 - baralpha_t

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + (1 - baralphas[t]).sqrt() * torch.randn_like(x)
