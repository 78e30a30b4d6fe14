# misconception: A generator of random numbers is its seed.
# says: two calls in a row give the same images

if generator_of_noise is not None:
    torch.manual_seed(generator_of_noise.initial_seed())
z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
