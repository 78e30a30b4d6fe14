# misconception: Some noise is enough.
# says: the noise of the step has the standard deviation

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + 0.5 * betas[t].sqrt() * torch.randn_like(x)
