# misconception: The variance is a constant in the KL term.
# says: the gradient of the loss to logvar is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.detach().exp())
loss = reconstruction + self.kl_loss_weight * kl
