# misconception: The name does not matter.
# says: uses `images`, which the gap does not define

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    samples = generator(z.to(device))
