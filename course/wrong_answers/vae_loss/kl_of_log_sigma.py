# misconception: logvar is ln sigma.
# says: the KL term: logvar is read as ln sigma

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + 2 * logvar - mu.square() - (2 * logvar).exp())
loss = reconstruction + self.kl_loss_weight * kl
