# misconception: The squared norm is averaged over the points.
# says: it is summed over the features

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = (model(noised, t) - eps).square().sum(1).mean()
