# misconception: Only the variance matters.
# says: z is uniform (rand), not Gaussian (randn)

z = temperature**0.5 * 3**0.5 * (2 * torch.rand(n, generator.latent_size, 1, 1, generator=generator_of_noise) - 1)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
