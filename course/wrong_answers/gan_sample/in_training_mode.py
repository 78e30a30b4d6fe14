# misconception: After training a generator is ready to use.
# says: an image depends on the others of its batch

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
with torch.no_grad():
    images = generator(z.to(device))
