# misconception: Either root goes with either point.
# says: sqrt(alpha_t) and sqrt(baralpha_{t-1}) are exchanged

baralpha_before = baralphas[t - 1] if t > 0 else torch.tensor(1.0)
weight_x_0 = alphas[t].sqrt() * betas[t] / (1 - baralphas[t])
weight_x_t = baralpha_before.sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
mean = weight_x_0 * x_0 + weight_x_t * x_t
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
