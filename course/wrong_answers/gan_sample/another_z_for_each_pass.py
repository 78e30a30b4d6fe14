# misconception: Averaging makes images better.
# says: the batch of images is not right

generator.eval()
with torch.no_grad():
    images = 0
    for _ in range(2):
        z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
        images = images + generator(z.to(device)) / 2
