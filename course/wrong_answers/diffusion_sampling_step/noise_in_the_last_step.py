# misconception: Every step adds noise.
# says: the last step, t = 0, should add no noise

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
