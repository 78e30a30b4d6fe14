# misconception: x_{t-1} only depends on x_t.
# says: x_0 is not looked at

baralpha_before = baralphas[t - 1] if t > 0 else torch.tensor(1.0)
mean = x_t / alphas[t].sqrt()
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
