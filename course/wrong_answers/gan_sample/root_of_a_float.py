# misconception: torch.sqrt takes any number.
# says: must be Tensor, not float

z = torch.sqrt(temperature) * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
