# differs: draws a few at a time, and makes more than it returns

size, made = (3 if n < 100 else n), []
generator.eval()
with torch.no_grad():
    while len(made) * size < n:
        z = torch.randn(size, generator.latent_size, 1, 1, generator=generator_of_noise) * temperature**0.5
        made.append(generator(z.to(device)))
images = torch.cat(made)[:n]
