# misconception: The logarithm is that of base 2.
# says: the reconstruction term: it is measured in bits

reconstruction = -(x * torch.log2(x_reconstructed) + (1 - x) * torch.log2(1 - x_reconstructed)).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
