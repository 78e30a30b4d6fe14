# differs: takes the squared norm of the error

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = torch.linalg.vector_norm(eps - model(noised, t)).square() / eps.numel()
