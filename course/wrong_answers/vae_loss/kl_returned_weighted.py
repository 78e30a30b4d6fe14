# misconception: The KL term that is reported is the weighted one.
# says: the weight is part of it already: it belongs into the loss only

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = self.kl_loss_weight * -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + kl
