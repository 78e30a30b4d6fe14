# misconception: t is a vector.
# says: wants

t = torch.randint(0, diffusion_steps, size=[len(batch)]).to(batch.device)
noised, eps = add_noise(batch, t[:, None], baralphas)
loss = F.mse_loss(model(noised, t), eps)
