# misconception: Images come as a list.
# says: images should be a tensor, but is a list

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = list(generator(z.to(device)))
