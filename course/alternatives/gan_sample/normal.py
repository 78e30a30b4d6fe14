# differs: draws from N(0, T) by torch.normal

z = torch.normal(0.0, temperature**0.5, (n, generator.latent_size, 1, 1), generator=generator_of_noise).to(device)
with torch.no_grad():
    images = generator.eval()(z)
