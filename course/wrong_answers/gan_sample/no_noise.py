# misconception: Without noise the generator gives its best image.
# says: z does not vary

z = temperature**0.5 * torch.ones(n, generator.latent_size, 1, 1)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
