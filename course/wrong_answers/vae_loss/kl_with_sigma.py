# misconception: exp(logvar / 2) stands where the variance belongs.
# says: the KL term: sigma stands where the variance belongs

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - (0.5 * logvar).exp())
loss = reconstruction + self.kl_loss_weight * kl
