# differs: draws noise in each step, and multiplies it by 0 in the last one

eps = predict_noise(model, x, t)
z = torch.randn(x.shape, dtype=x.dtype, device=x.device) * (t > 0)
x_before = alphas[t] ** -0.5 * (x - (1 - alphas[t]) * (1 - baralphas[t]) ** -0.5 * eps) + betas[t] ** 0.5 * z
