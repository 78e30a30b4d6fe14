# misconception: A small number keeps the root from trouble.
# says: so z should be 0

z = (temperature + 1e-6)**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
