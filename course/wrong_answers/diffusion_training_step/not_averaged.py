# misconception: Squaring is enough.
# says: it is not averaged yet

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = (model(noised, t) - eps) ** 2
