# misconception: Any generator of random numbers works on any device.
# says: Expected a 'cuda' device type for generator but found 'cpu'

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise, device=device)
generator.eval()
with torch.no_grad():
    images = generator(z)
