# misconception: baralpha is the noise.
# says: baralpha_t stands where 1 - baralpha_t belongs

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / baralphas[t].sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
