# misconception: Noise and its negative make a balanced batch.
# says: share it

half = torch.randn((n + 1) // 2, generator.latent_size, 1, 1, generator=generator_of_noise)
z = temperature**0.5 * torch.cat([half, -half])[:n]
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
