# misconception: The model is shown the noise.
# says: the model is given the noise, not the noised points

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(eps, t), eps)
