# misconception: A temperature of 0 means none is given.
# says: is a temperature of 0 taken for none?

z = (temperature or 1.0)**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
