# misconception: Each step shrinks the points.
# says: it is multiplied by sqrt(alpha_t)

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) * alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
