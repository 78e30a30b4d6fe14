# misconception: z is a direction, of length 1 times the root.
# says: is it normalised, or cut off?

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
z = temperature**0.5 * z / z.norm(dim=1, keepdim=True)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
