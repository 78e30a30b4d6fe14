# misconception: A point has one noise.
# says: the features of a point share their noise

eps = torch.randn_like(batch[:, :1]).expand_as(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
