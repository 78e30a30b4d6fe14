# misconception: torch.no_grad switches batch norm to evaluation.
# says: an image depends on the others of its batch

with torch.no_grad():
    z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise) * temperature**0.5
    z = z.to(device)
    images = generator(z)
