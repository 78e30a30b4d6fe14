# misconception: Every time step should come equally often.
# says: belong together

first = torch.randint(0, diffusion_steps, [1])
t = ((torch.arange(len(batch)) + first) % diffusion_steps).unsqueeze(1).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
