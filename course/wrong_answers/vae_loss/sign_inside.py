# misconception: The two parts of the cross-entropy are subtracted.
# says: the reconstruction term is not right

reconstruction = -(x * torch.log(x_reconstructed) - (1 - x) * torch.log(1 - x_reconstructed)).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
