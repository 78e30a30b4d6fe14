# misconception: The KL term is estimated with one sample.
# says: the KL term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = 0.0
z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
kl = 0.5 * (z.square() - (z - mu).square() / logvar.exp() - logvar).sum()
loss = reconstruction + self.kl_loss_weight * kl
