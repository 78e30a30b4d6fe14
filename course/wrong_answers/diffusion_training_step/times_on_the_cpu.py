# misconception: All tensors live in one place.
# says: moved to the device of the batch

t = torch.randint(0, diffusion_steps, size=[len(batch), 1])
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
