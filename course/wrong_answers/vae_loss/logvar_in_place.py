# misconception: logvar can be overwritten by the variance.
# says: logvar after the call is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square())
kl = kl + 0.5 * logvar.exp_().sum()
loss = reconstruction + self.kl_loss_weight * kl
