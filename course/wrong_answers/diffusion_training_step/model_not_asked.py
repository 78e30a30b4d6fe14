# misconception: The noised points are compared with the noise.
# says: the model is never called

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(noised, eps)
