# misconception: Sampling happens on the CPU.
# says: z should be moved to the device of the generator

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.cpu().eval()
with torch.no_grad():
    images = generator(z)
