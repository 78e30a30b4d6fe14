# differs: names all arguments

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch=batch, t=t, baralphas=baralphas)
loss = F.mse_loss(input=model(x=noised, t=t), target=eps)
