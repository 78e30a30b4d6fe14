# misconception: The output still needs a tanh.
# says: it is put through a tanh

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device)).tanh()
