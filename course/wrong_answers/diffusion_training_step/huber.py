# misconception: A robust loss is better.
# says: the loss is not right

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.smooth_l1_loss(model(noised, t), eps)
