# misconception: Every number has a time step.
# says: wants

t = torch.randint(0, diffusion_steps, size=batch.shape).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
