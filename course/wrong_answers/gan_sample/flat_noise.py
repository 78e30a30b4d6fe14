# misconception: z is a row for each image.
# says: z should have the shape (7, 7, 1, 1)

z = temperature**0.5 * torch.randn(n, generator.latent_size, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
