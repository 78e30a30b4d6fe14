# differs: uses torch.distributions for both terms

from torch.distributions import Bernoulli, Normal, kl_divergence

pixels = Bernoulli(probs=x_reconstructed, validate_args=False)
reconstruction = -pixels.log_prob(x).sum()
kl = kl_divergence(Normal(mu, torch.exp(0.5 * logvar)), Normal(torch.zeros_like(mu), torch.ones_like(mu))).sum()
loss = reconstruction + self.kl_loss_weight * kl
