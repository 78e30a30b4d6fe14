# misconception: Images should use all of the range.
# says: the batch of images is not right

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
images = 2 * (images - images.min()) / (images.max() - images.min()).clamp_min(1e-6) - 1
