# differs: makes the time steps from uniform numbers

t = (torch.rand(len(batch), 1) * diffusion_steps).floor().long().clamp(max=diffusion_steps - 1).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
