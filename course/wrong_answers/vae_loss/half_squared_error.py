# misconception: Half the squared error is as good as the cross-entropy.
# says: the reconstruction term: it is half a squared error, not the cross-entropy

reconstruction = 0.5 * (x_reconstructed - x).square().sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
