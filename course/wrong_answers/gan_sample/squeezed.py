# misconception: Axes of length 1 are of no use.
# says: the batch of images should have the shape (1, 3, 2, 2)

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)).squeeze()
