# misconception: Any noise is as good as the other.
# says: the noise is drawn anew for the comparison

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), torch.randn_like(batch))
