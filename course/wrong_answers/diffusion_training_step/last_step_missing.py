# misconception: randint includes neither end.
# says: the time step 7 is never drawn

t = torch.randint(0, diffusion_steps - 1, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
