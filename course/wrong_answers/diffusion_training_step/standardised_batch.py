# misconception: Each batch should be standardised.
# says: what is noised

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
batch = (batch - batch.mean(0)) / (batch.std(0, correction=0) + 1)
noised, eps = add_noise(batch, t, baralphas)
loss = F.mse_loss(model(noised, t), eps)
