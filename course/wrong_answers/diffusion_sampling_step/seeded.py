# misconception: A fixed seed makes the work reproducible.
# says: each should draw noise

eps = predict_noise(model, x, t)
x_before = (x - betas[t] / (1 - baralphas[t]).sqrt() * eps) / alphas[t].sqrt()
if t > 0:
    generator = torch.Generator().manual_seed(t)
    x_before = x_before + betas[t].sqrt() * torch.randn(x.shape, generator=generator).to(x)
