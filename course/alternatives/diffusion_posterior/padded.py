# differs: puts a 1 in front of the whole schedule

before = torch.cat([torch.ones_like(baralphas[:1]), baralphas[:-1]])[t]
beta, rest = betas[t], 1 - baralphas[t]
mean = (before.sqrt() * beta * x_0 + alphas[t].sqrt() * (1 - before) * x_t) / rest
variance = beta * (1 - before) / rest
