# misconception: A generator that samples is no longer trained.
# says: the generator is frozen afterwards

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
generator.requires_grad_(False)
images = generator(z.to(device))
