# misconception: torch.manual_seed rules all noise.
# says: is generator_of_noise used, and nothing else?

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
