# differs: the formula of the cross-entropy, with xlogy

reconstruction = -(torch.xlogy(x, x_reconstructed) + torch.xlogy(1 - x, 1 - x_reconstructed)).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
