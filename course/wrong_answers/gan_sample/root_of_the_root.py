# misconception: torch.normal takes a standard deviation, of which the root is taken again.
# says: the root of the temperature is taken twice

z = temperature**0.25 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
