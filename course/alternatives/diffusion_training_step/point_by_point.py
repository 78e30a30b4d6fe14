# differs: asks the model about one point after the other

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
size = 1 if len(batch) < 100 else len(batch)
predicted = torch.cat([model(x, when) for x, when in zip(noised.split(size), t.split(size), strict=True)])
loss = F.mse_loss(predicted, eps)
