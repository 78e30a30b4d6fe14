# misconception: All tensors live in one place.
# says: z should be moved to the device of the generator

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z)
