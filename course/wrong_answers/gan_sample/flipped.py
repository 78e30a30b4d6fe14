# misconception: The first axis is the oldest.
# says: the batch of images is not right

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)).flip(0)
