# misconception: The squared error is as good as the cross-entropy.
# says: the reconstruction term: it is a squared error, not the cross-entropy

reconstruction = F.mse_loss(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
