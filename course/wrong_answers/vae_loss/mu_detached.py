# misconception: mu is a constant in the KL term.
# says: no gradient of the loss reaches mu

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.detach().square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
