# misconception: A single z is enough for a batch.
# says: all images share one z

z = temperature**0.5 * torch.randn(1, generator.latent_size, 1, 1, generator=generator_of_noise)
z = z.expand(n, -1, 1, 1)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
