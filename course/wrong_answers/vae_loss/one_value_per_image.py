# misconception: The loss has a value for each image.
# says: should have the shape ()

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="none").flatten(1).sum(1)
kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(1)
loss = reconstruction + self.kl_loss_weight * kl
