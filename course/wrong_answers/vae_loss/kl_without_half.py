# misconception: The factor 1/2 does not matter.
# says: the KL term: the factor 1/2 is missing

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
