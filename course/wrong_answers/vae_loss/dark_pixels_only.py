# misconception: Only (1 - x) ln(1 - p) counts.
# says: the reconstruction term: the bright pixels' part, x ln p, is missing

reconstruction = -((1 - x) * torch.log(1 - x_reconstructed)).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
