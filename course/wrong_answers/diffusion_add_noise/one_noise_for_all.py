# misconception: All points move alike.
# says: all points share one noise vector

eps = torch.randn_like(batch[:1]).expand_as(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
