# misconception: As in a softmax, one divides by the temperature.
# says: z is divided by the temperature, where its root is a factor

z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise) / temperature
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
