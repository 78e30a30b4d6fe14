# misconception: add_noise returns the noise first.
# says: the noise

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
eps, noised = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
