# misconception: logvar is limited to be safe.
# says: the KL term at extreme parameters

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = 0.5 * torch.sum(mu.square() + logvar.clamp(-10, 10).exp() - 1 - logvar.clamp(-10, 10))
loss = reconstruction + self.kl_loss_weight * kl
