# misconception: x_0 is not needed any more.
# says: after the call

baralpha_before = baralphas[t - 1] if t > 0 else torch.tensor(1.0)
weight_x_0 = baralpha_before.sqrt() * betas[t] / (1 - baralphas[t])
weight_x_t = alphas[t].sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
mean = x_0.mul_(weight_x_0).add_(weight_x_t * x_t)
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
