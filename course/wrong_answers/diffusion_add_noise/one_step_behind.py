# misconception: t counts from 1.
# says: the schedule is one step behind

eps = torch.randn_like(batch)
noised = baralphas[t - 1].sqrt() * batch + (1 - baralphas[t - 1]).sqrt() * eps
