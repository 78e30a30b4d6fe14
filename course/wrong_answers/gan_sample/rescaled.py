# misconception: Pixels lie in [0, 1].
# says: it is moved to [0, 1]

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = (generator(z.to(device)) + 1) / 2
