# misconception: The constant counts once an image, not for every dimension.
# says: the KL term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * (1 + (logvar - mu.square() - logvar.exp()).sum(1)).sum()
loss = reconstruction + self.kl_loss_weight * kl
