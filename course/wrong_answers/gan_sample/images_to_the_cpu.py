# misconception: Images are always looked at on the CPU.
# says: the images should stay on the device of the generator

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)).cpu()
