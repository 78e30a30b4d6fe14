# misconception: The weight is not used.
# says: kl_loss_weight is ignored

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + kl
