# misconception: The closed form has no roots.
# says: is not right

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
eps = torch.randn_like(batch)
noised = baralphas[t] * batch + (1 - baralphas[t]) * eps
loss = F.mse_loss(model(noised, t), eps)
