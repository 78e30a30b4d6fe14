# misconception: There always is a generator of random numbers.
# says: AttributeError

device_of_noise = generator_of_noise.device
z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise, device=device_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
