# misconception: randint includes its upper end, and steps count from 1.
# says: the time steps run from 0 to diffusion_steps - 1

t = torch.randint(1, diffusion_steps + 1, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t - 1, baralphas)
loss = F.mse_loss(model(noised, t), eps)
