# misconception: A new generator is made where none is given.
# says: torch's global generator

if generator_of_noise is None:
    generator_of_noise = torch.Generator()
    generator_of_noise.seed()
z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
