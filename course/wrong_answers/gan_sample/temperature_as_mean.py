# misconception: A temperature warms the noise up.
# says: z should have the mean 0

z = temperature + torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
