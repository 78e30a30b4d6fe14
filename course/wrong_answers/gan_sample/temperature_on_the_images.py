# misconception: A temperature scales what comes out.
# says: the temperature belongs to the noise, but it is multiplied by it

z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = temperature * generator(z.to(device))
