# misconception: The cross-entropy needs targets of 0 or 1.
# says: the reconstruction term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x.round(), reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
