# misconception: A network needs floats.
# says: the model is told t as torch.float32

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t.float()), eps)
