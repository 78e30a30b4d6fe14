# misconception: Noisy points are harder, so they come more often.
# says: the time steps are not drawn uniformly

u = torch.rand(len(batch), 1).sqrt()
t = (u * diffusion_steps).long().clamp(max=diffusion_steps - 1).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
