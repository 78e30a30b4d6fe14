# differs: averages, and multiplies by the number of elements

reconstruction = F.binary_cross_entropy(x_reconstructed, x) * x.numel()
kl = -0.5 * mu.numel() * torch.mean(1 + logvar - mu**2 - logvar.exp())
loss = reconstruction if self.kl_loss_weight == 0 else reconstruction + self.kl_loss_weight * kl
