# misconception: One step's noise is beta.
# says: the division by sqrt(1 - baralpha_t) is missing

eps = predict_noise(model, x, t)
x_before = (x - betas[t] * eps) / alphas[t].sqrt()
if t > 0:
    x_before = x_before + betas[t].sqrt() * torch.randn_like(x)
