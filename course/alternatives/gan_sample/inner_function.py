# differs: decorates a function

@torch.no_grad()
def drawn():
    noise = torch.randn(size=(n, generator.latent_size, 1, 1), generator=generator_of_noise)
    return generator(noise.to(device).mul(temperature**0.5))


generator.eval()
images = drawn()
