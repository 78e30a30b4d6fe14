# misconception: add_noise wants the schedule of single steps.
# says: the schedule for add_noise is not right

t = torch.randint(0, diffusion_steps, size=[len(batch), 1]).to(batch.device)
noised, eps = add_noise(batch, t, baralphas / torch.cat([baralphas.new_ones(1), baralphas[:-1]]))
loss = F.mse_loss(model(noised, t), eps)
