# misconception: The latent dimensions come last.
# says: z should have the shape

z = temperature**0.5 * torch.randn(n, 1, 1, generator.latent_size, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
