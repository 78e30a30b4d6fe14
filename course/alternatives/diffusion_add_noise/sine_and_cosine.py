# differs: sees signal and noise as the sides of a right-angled triangle

eps = torch.randn_like(batch)
angle = torch.acos(baralphas[t].sqrt())
noised = torch.cos(angle) * batch + torch.sin(angle) * eps
