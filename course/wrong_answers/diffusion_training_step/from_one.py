# misconception: Steps count from 1.
# says: the time step 0 is never drawn

t = torch.randint(1, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
