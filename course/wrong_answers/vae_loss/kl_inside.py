# misconception: The KL term is added to the reconstruction term.
# says: the reconstruction term: the KL term is part of it already

kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum") + kl
loss = reconstruction + (self.kl_loss_weight - 1) * kl
