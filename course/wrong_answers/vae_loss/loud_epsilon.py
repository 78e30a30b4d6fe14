# misconception: A hundredth inside the logarithm does no harm.
# says: the reconstruction term is not right

reconstruction = -(x * torch.log(x_reconstructed + 0.01) + (1 - x) * torch.log(1.01 - x_reconstructed)).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
