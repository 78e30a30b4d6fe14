# misconception: Time steps are random, so they can be drawn again.
# says: Its points were noised by other time steps

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
loss = F.mse_loss(model(noised, t), eps)
