# misconception: exp(logvar) is 1 + logvar.
# says: the KL term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = 0.5 * torch.sum(mu.square() + logvar.square() / 2)
loss = reconstruction + self.kl_loss_weight * kl
