# misconception: The bracket is the mean.
# says: the factor 1/sqrt(alpha_t) is missing

eps = predict_noise(model, x, t)
x_before = x - betas[t] / (1 - baralphas[t]).sqrt() * eps
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
