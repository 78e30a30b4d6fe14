# differs: draws on the device where no generator is given

where = device if generator_of_noise is None else generator_of_noise.device
z = torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise, device=where).to(device)
z *= temperature**0.5
generator.eval()
with torch.no_grad():
    images = generator(z)
