# misconception: mu is not squared.
# says: the KL term: mu is not squared

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
