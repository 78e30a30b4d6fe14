# misconception: t should be a vector.
# says: the time steps run along the features

eps = torch.randn_like(batch)
baralpha = baralphas[t].squeeze()
noised = baralpha.sqrt() * batch + (1 - baralpha).sqrt() * eps
