# misconception: A batch has one time step.
# says: all points are noised by the first one's number of steps

eps = torch.randn_like(batch)
at = int(t.flatten()[0]) if isinstance(t, Tensor) else t
noised = baralphas[at].sqrt() * batch + (1 - baralphas[at]).sqrt() * eps
