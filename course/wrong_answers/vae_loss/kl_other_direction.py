# misconception: The divergence is the same in both directions.
# says: the KL term: the divergence is taken in the other direction

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = torch.distributions.kl_divergence(
    torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu)),
    torch.distributions.Normal(mu, torch.exp(0.5 * logvar))).sum()
loss = reconstruction + self.kl_loss_weight * kl
