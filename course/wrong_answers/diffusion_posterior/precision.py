# misconception: A product of Gaussians adds the precisions, and that is the variance.
# says: it is the precision, 1 / variance

baralpha_before = baralphas[t - 1] if t > 0 else torch.tensor(1.0)
weight_x_0 = baralpha_before.sqrt() * betas[t] / (1 - baralphas[t])
weight_x_t = alphas[t].sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
mean = weight_x_0 * x_0 + weight_x_t * x_t
variance = alphas[t] / betas[t] + 1 / (1 - baralpha_before).clamp_min(1e-20)
