# differs: sums in float64

reconstruction = F.binary_cross_entropy(x_reconstructed.double(), x.double(), reduction="sum")
mean, log_variance = mu.double(), logvar.double()
kl = (0.5 * (mean.square() + log_variance.exp() - log_variance - 1)).sum()
loss = reconstruction + self.kl_loss_weight * kl
