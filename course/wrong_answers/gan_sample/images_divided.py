# misconception: As of a softmax, the output is divided by the temperature.
# says: the temperature belongs to the noise, but it is divided by it

z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)) / temperature
