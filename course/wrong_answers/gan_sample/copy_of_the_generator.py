# misconception: The caller's generator should stay as it is.
# says: two calls in a row give the same images

numbers = None
if generator_of_noise is not None:
    numbers = torch.Generator()
    numbers.set_state(generator_of_noise.get_state())
z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=numbers)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
