# misconception: x_{t-1} only depends on x_0.
# says: x_t is not looked at

baralpha_before = baralphas[t - 1] if t > 0 else torch.tensor(1.0)
mean = baralpha_before.sqrt() * x_0
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
