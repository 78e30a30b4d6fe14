# misconception: The noise comes first.
# says: noised

noised = torch.randn_like(batch)
eps = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * noised
