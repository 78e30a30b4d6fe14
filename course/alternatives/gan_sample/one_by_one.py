# differs: draws and makes one image after the other where they are few

generator.eval()
sizes = [1] * n if n < 100 else [n]
with torch.no_grad():
    images = torch.cat([
        generator((temperature**0.5 * torch.randn(size, generator.latent_size, 1, 1, generator=generator_of_noise)
                   ).to(device)) for size in sizes])
