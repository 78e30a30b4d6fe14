# misconception: n is for the caller's loop.
# says: n is 7, but the generator gets only 1

z = temperature**0.5 * torch.randn(1, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
