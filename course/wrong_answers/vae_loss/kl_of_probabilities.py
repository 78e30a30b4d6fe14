# misconception: F.kl_div computes this divergence.
# says: the KL term

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = F.kl_div(logvar, mu.softmax(1), reduction="sum")
loss = reconstruction + self.kl_loss_weight * kl
