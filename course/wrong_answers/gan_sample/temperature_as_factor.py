# misconception: The temperature is the factor of the noise.
# says: so the variance T squared: multiply by the root of T

z = temperature * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
