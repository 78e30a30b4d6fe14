# misconception: Noise is added to the data as they are.
# says: the batch is not scaled

eps = torch.randn_like(batch)
noised = batch + (1 - baralphas[t]).sqrt() * eps
