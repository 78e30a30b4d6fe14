# differs: computes in float64 and gives back float32

eps = torch.randn_like(batch)
baralpha = baralphas.double()[t]
noised = (baralpha.sqrt() * batch + (1 - baralpha).sqrt() * eps).to(batch.dtype)
