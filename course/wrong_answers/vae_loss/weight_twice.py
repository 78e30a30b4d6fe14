# misconception: The weight is part of the KL term, and applied again.
# says: the weight is part of it already

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = self.kl_loss_weight * -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
