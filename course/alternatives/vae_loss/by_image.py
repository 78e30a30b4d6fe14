# differs: sums over the pixels of each image, then over the images

per_pixel = F.binary_cross_entropy(x_reconstructed.flatten(1), x.flatten(1), reduction="none")
reconstruction = per_pixel.sum(dim=1).sum(dim=0)
kl = 0.5 * (logvar.exp() + mu**2 - 1 - logvar).sum(dim=1).sum()
loss = torch.add(reconstruction, kl, alpha=self.kl_loss_weight)
