# differs: writes the mean squared error out

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
error = eps - model(noised, t)
loss = (error * error).mean()
