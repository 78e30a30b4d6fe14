# misconception: The variance of the images is the temperature.
# says: but it is multiplied by its root

z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)) * temperature**0.5
