# misconception: A seed makes samples repeatable.
# says: is a seed fixed in the gap?

torch.manual_seed(42)
z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
