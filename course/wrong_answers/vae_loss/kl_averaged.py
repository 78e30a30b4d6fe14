# misconception: The KL term is averaged over images and latent dimensions.
# says: the KL term: it is averaged, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.mean(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
