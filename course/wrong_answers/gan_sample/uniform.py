# misconception: rand gives noise.
# says: z is uniform (rand), not Gaussian (randn)

z = temperature**0.5 * torch.rand(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
