# misconception: z has the height and width of a picture.
# says: z should have the shape

z = temperature**0.5 * torch.randn(n, generator.latent_size, 4, 4, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
