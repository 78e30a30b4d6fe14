# misconception: The model predicts the clean points.
# says: the prediction is compared with the data

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), batch)
