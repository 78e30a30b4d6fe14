# misconception: Each dimension keeps half a nat for free.
# says: the KL term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = (-0.5 * (1 + logvar - mu.square() - logvar.exp())).clamp(min=0.5).sum()
loss = reconstruction + self.kl_loss_weight * kl
