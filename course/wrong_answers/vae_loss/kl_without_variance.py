# misconception: The variance is left out.
# says: the KL term: the variance exp(logvar) is missing

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square())
loss = reconstruction + self.kl_loss_weight * kl
