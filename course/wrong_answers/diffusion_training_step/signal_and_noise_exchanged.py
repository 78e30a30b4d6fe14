# misconception: add_noise wants the share of noise.
# says: the schedule for add_noise is not right

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, 1 - baralphas)
loss = F.mse_loss(model(noised, t), eps)
