# misconception: The latent dimensions come first.
# says: z should have the shape

z = temperature**0.5 * torch.randn(generator.latent_size, n, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
