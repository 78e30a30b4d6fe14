# misconception: Only the variance has to match the prior.
# says: the KL term: the term mu^2 is missing

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
