# misconception: Pixels can be kept off 0 and 1 in place.
# says: x_reconstructed after the call is not right

x_reconstructed.clamp_(0.1, 0.9)
reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
