# misconception: The mode is the flag `training`.
# says: with all of its layers

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.training = False
with torch.no_grad():
    images = generator(z.to(device))
