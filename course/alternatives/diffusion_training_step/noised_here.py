# differs: noises by the closed form on the spot

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
eps = torch.randn_like(batch)
x_t = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
loss = (model(x_t, t) - eps).pow(2).mean()
