# misconception: Normal takes the variance.
# says: the KL term: logvar is read as ln sigma

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = torch.distributions.kl_divergence(
    torch.distributions.Normal(mu, torch.exp(logvar)),
    torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))).sum()
loss = reconstruction + self.kl_loss_weight * kl
