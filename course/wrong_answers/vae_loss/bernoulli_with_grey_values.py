# misconception: A Bernoulli distribution takes grey values.
# says: to be within the support

reconstruction = -torch.distributions.Bernoulli(probs=x_reconstructed).log_prob(x).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
