# misconception: The mean is over the features.
# says: it is summed over the points

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = (model(noised, t) - eps).square().mean(1).sum()
