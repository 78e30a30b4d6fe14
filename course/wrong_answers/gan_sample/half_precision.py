# misconception: Half precision is enough for pictures.
# says: should be of torch.float32

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.half().to(device))
