# misconception: Data lie between -3 and 3.
# says: the mean of x_{t-1}

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
x_before = x_before.clamp(-3, 3)
