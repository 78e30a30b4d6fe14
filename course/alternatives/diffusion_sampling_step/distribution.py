# differs: draws from a normal distribution

mean = (x - betas[t] * predict_noise(model, x, t) / (1 - baralphas[t]) ** 0.5) / alphas[t] ** 0.5
x_before = mean
if t > 0:
    x_before = torch.distributions.Normal(mean, betas[t].sqrt().to(mean)).sample()
