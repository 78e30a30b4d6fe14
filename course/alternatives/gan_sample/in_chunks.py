# differs: asks the generator about a few at a time

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = torch.cat([generator(part.to(device)) for part in z.split(4 if n < 100 else n)])
