# misconception: A vector of time steps broadcasts by itself.
# says: the time steps run along the features

eps = torch.randn_like(batch)
baralpha = baralphas[t]
if isinstance(t, Tensor) and t.dim() == 2:
    baralpha = baralpha.squeeze(1)
    if len(baralpha) != batch.shape[1]:
        baralpha = baralpha[:, None]
noised = baralpha.sqrt() * batch + (1 - baralpha).sqrt() * eps
