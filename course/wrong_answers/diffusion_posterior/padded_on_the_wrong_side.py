# misconception: The schedule of the steps before ends with a 1.
# says: the next step's baralpha

baralpha_before = torch.cat([baralphas[1:], baralphas.new_ones(1)])[t]
weight_x_0 = baralpha_before.sqrt() * betas[t] / (1 - baralphas[t])
weight_x_t = alphas[t].sqrt() * (1 - baralpha_before) / (1 - baralphas[t])
mean = weight_x_0 * x_0 + weight_x_t * x_t
variance = (1 - baralpha_before) / (1 - baralphas[t]) * betas[t]
