# misconception: The factor belongs to x_t.
# says: only x_t is divided by sqrt(alpha_t)

eps = predict_noise(model, x, t)
x_before = x / alphas[t].sqrt() - betas[t] / (1 - baralphas[t]).sqrt() * eps
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
