# misconception: A loss is a number.
# says: no gradient reaches the model

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps).item()
