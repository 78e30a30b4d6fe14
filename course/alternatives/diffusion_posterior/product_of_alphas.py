# differs: multiplies the alphas of the steps before

before = alphas[:t].prod()
mean = torch.lerp(before.sqrt() * x_0, x_t / alphas[t].sqrt(), alphas[t] * (1 - before) / (1 - baralphas[t]))
variance = (1 - before) / (1 - baralphas[t]) * betas[t]
