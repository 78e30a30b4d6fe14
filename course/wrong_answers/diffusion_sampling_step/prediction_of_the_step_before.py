# misconception: The model is asked about x_{t-1}.
# says: the model is told t

eps = predict_noise(model, x, max(t - 1, 0))
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
