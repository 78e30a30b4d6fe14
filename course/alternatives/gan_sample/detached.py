# differs: detaches the images

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
images = generator.eval()(z.to(device)).detach()
