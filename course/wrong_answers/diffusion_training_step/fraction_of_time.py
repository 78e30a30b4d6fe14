# misconception: A network likes numbers between 0 and 1.
# says: the model is told

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t / diffusion_steps), eps)
