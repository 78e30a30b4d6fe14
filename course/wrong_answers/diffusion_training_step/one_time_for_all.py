# misconception: A batch has one time step.
# says: share one time step

t = torch.randint(0, diffusion_steps, size=[1, 1]).to(batch.device).expand(len(batch), 1)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
