# misconception: The clean batch is not needed any more.
# says: the batch after the call

eps = torch.randn_like(batch)
noised = batch.mul_(baralphas[t].sqrt()).add_((1 - baralphas[t]).sqrt() * eps)
