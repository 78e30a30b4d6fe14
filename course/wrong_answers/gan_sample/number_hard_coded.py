# misconception: A grid has 64 images.
# says: n is 1, but 64 images come out

z = temperature**0.5 * torch.randn(64, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
