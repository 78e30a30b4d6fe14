# misconception: sigma_t is beta_t.
# says: where its square root belongs

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t] * torch.randn_like(x)
