# misconception: alpha and baralpha are the same.
# says: alpha_t stands where baralpha_t belongs

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - alphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
