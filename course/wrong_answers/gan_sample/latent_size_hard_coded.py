# misconception: z has 64 dimensions.
# says: z should have the shape

z = temperature**0.5 * torch.randn(n, 64, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
