# misconception: A fixed seed makes training steady.
# says: should draw its time steps anew

generator = torch.Generator().manual_seed(0)
t = torch.randint(0, diffusion_steps, size=[len(batch), 1], generator=generator).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
