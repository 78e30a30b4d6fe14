# misconception: A temperature lies between 0 and 1.
# says: z has the variance 1, whatever the temperature

z = min(temperature, 1.0)**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
