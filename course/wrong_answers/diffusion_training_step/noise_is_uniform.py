# misconception: rand gives noise.
# says: is uniform (rand), not Gaussian (randn)

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
eps = torch.rand_like(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
loss = F.mse_loss(model(noised, t), eps)
