# misconception: The model is shown the data.
# says: the model is given the batch itself, without noise

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(batch, t), eps)
