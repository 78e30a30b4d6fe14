# misconception: The second half of the batch gets the noise of the first half with the other sign.
# says: points of the batch share it

eps = torch.randn_like(batch)
half = len(eps) // 2
eps[half:2 * half] = -eps[:half]
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
