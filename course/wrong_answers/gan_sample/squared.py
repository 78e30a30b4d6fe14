# misconception: Variance is the square, so the factor is squared.
# says: the factor is the root of T

z = temperature**2 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
