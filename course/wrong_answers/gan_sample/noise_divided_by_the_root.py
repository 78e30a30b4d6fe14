# misconception: One divides by the standard deviation.
# says: z is divided by the root of the temperature

z = temperature**-0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
