# misconception: The temperature matters to training only.
# says: z has the variance 1, whatever the temperature

z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
