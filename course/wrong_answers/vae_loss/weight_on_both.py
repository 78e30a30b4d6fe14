# misconception: The weight belongs to the whole loss.
# says: the weight is applied to both terms

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = self.kl_loss_weight * (reconstruction + kl)
