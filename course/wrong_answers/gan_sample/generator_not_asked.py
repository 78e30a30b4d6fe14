# misconception: A sample is noise in the shape of an image.
# says: the generator is never called

generator.eval()
with torch.no_grad():
    z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
    images = z.expand(n, -1, 2, 2).tanh().to(device)
