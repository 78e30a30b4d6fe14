# misconception: The noise belongs into the bracket.
# says: the noise is divided by sqrt(alpha_t)

eps = predict_noise(model, x, t)
x_before = x - betas[t] / (1 - baralphas[t]).sqrt() * eps
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
x_before = x_before / alphas[t].sqrt()
