# differs: takes what came before as baralpha_t / alpha_t

before = baralphas[t] / alphas[t] if t else torch.ones(())
share = (1 - before) / (1 - baralphas[t])
mean = before.sqrt() * (1 - alphas[t]) / (1 - baralphas[t]) * x_0 + alphas[t].sqrt() * share * x_t
variance = share * (1 - alphas[t])
