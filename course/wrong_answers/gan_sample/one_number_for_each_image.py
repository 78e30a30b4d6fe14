# misconception: A single number makes a z.
# says: the features of a point share their noise

z = temperature**0.5 * torch.randn(n, 1, 1, 1, generator=generator_of_noise)
z = z.expand(-1, generator.latent_size, -1, -1)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
