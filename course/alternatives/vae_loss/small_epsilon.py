# differs: keeps the logarithms finite with a tiny epsilon

eps = 1e-7
bright, dark = torch.log(x_reconstructed.clamp(min=eps)), torch.log((1 - x_reconstructed).clamp(min=eps))
reconstruction = -torch.sum(x * bright + (1 - x) * dark)
kl = -0.5 * (1 + logvar - mu * mu - torch.exp(logvar)).sum()
loss = reconstruction + kl * self.kl_loss_weight
