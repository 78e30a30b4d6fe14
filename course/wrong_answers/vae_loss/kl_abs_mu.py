# misconception: The distance of mu from 0 is its absolute value.
# says: the KL term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.abs() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
