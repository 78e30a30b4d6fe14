# differs: uses nn.MSELoss, target first, and a size as a tuple

t = torch.randint(diffusion_steps, (len(batch), 1), device=batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = torch.nn.MSELoss()(eps, model(noised, t))
