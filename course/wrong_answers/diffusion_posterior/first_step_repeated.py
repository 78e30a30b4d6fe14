# misconception: Before the first step comes the first step.
# says: for t = 0

baralpha_before = baralphas[max(t - 1, 0)]
weight_x_0 = baralpha_before.sqrt() * betas[t] / (1 - baralphas[t])
weight_x_t = alphas[t].sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
mean = weight_x_0 * x_0 + weight_x_t * x_t
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
