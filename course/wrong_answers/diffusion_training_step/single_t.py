# misconception: One number is enough for t.
# says: wants a time step for each point

t = torch.randint(0, diffusion_steps, size=[1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
