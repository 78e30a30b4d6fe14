# misconception: Only x ln p counts.
# says: the reconstruction term: the dark pixels' part, (1 - x) ln(1 - p), is missing

reconstruction = -(x * torch.log(x_reconstructed)).sum()
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
