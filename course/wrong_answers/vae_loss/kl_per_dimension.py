# misconception: The KL term is averaged over the latent dimensions.
# says: the KL term: it is averaged over the latent dimensions, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).mean(1).sum()
loss = reconstruction + self.kl_loss_weight * kl
