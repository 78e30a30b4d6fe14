# misconception: The loss is maximised.
# says: the loss: its sign is flipped

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = -(reconstruction + self.kl_loss_weight * kl)
