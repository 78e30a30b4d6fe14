# misconception: Each point has a loss.
# says: it is one value for each point

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = (model(noised, t) - eps).square().mean(1)
