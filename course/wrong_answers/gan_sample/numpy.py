# misconception: Images are numpy arrays.
# says: images should be a tensor, but is a numpy array

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)).cpu().numpy()
