# differs: predicts x_0, and takes the mean of the posterior

eps = predict_noise(model, x, t)
x_0 = (x - (1 - baralphas[t]).sqrt() * eps) / baralphas[t].sqrt()
before = baralphas[t - 1] if t > 0 else torch.ones_like(baralphas[t])
mean = (before.sqrt() * betas[t] * x_0 + alphas[t].sqrt() * (1 - before) * x) / (1 - baralphas[t])
x_before = mean if t == 0 else torch.normal(mean, betas[t].sqrt().to(mean.dtype).expand_as(mean).contiguous())
