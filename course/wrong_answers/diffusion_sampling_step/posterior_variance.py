# misconception: The posterior's variance is better.
# says: sigma_t^2 is the posterior's variance

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + (betas[t] * (1 - baralphas[t - 1]) / (1 - baralphas[t])).sqrt() * torch.randn_like(x)
