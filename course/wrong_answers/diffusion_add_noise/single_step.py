# misconception: Only the last step's noise is added.
# says: alpha_t stands where baralpha_t belongs

eps = torch.randn_like(batch)
before = torch.where(torch.as_tensor(t) > 0, baralphas[t - 1], 1.0)
alpha = baralphas[t] / before
noised = alpha.sqrt() * batch + (1 - alpha).sqrt() * eps
