# misconception: The reconstruction is averaged over pixels and images, as is the default of the cross-entropy.
# says: the reconstruction term: it is averaged over pixels and images, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x)
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
