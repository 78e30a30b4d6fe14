# differs: takes the roots of the whole schedule first

signal, noise = baralphas.sqrt(), (1 - baralphas).sqrt()
eps = torch.randn_like(batch)
noised = eps * noise[t] + batch * signal[t]
