# misconception: The constant does not matter.
# says: the KL term: the -1 is missing

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
