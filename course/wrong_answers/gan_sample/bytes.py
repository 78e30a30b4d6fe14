# misconception: Pixels lie between 0 and 255.
# says: it is made of bytes

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = (generator(z.to(device)) + 1) * 127.5
