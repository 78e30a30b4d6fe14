# misconception: The KL term is 1/2 sum(1 + ln sigma^2 - mu^2 - sigma^2).
# says: the KL term: its sign is flipped

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = 0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
