# misconception: baralpha_{t-1} and baralpha_t are nearly the same.
# says: baralpha_t stands where baralpha_{t-1} belongs

baralpha_before = baralphas[t]
weight_x_0 = baralpha_before.sqrt() * betas[t] / (1 - baralphas[t])
weight_x_t = alphas[t].sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
mean = weight_x_0 * x_0 + weight_x_t * x_t
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
