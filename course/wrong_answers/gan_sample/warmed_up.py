# misconception: A batch norm has to see a batch before it is used.
# says: sampling changes what batch norm has seen in training

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
with torch.no_grad():
    generator(z.to(device))
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
