# misconception: Late steps count less.
# says: the loss is not right

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas)
loss = (baralphas[t] * (model(noised, t) - eps).square()).mean()
