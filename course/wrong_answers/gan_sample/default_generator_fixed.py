# misconception: Samples should be the same each time.
# says: is a seed fixed in the gap?

generator_of_noise = generator_of_noise or torch.Generator().manual_seed(0)
z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
