# differs: draws a (latent_size, n) matrix, and turns it round

z = torch.randn(generator.latent_size, n, generator=generator_of_noise).T.reshape(n, -1, 1, 1)
z = z * torch.tensor(temperature, dtype=z.dtype).sqrt()
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
