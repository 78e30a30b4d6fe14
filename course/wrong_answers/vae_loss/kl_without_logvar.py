# misconception: The logarithm is left out.
# says: the KL term: the term logvar is missing

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = 0.5 * torch.sum(mu.square() + logvar.exp() - 1)
loss = reconstruction + self.kl_loss_weight * kl
