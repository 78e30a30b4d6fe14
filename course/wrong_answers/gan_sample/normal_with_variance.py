# misconception: The second argument of torch.normal is the variance.
# says: so the variance T squared: multiply by the root of T

z = torch.normal(0.0, temperature, (n, generator.latent_size, 1, 1), generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
