# misconception: L1 is as good.
# says: it is an absolute error

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = F.l1_loss(model(noised, t), eps)
