# differs: fills an empty tensor, and scales it in place

z = torch.empty(n, generator.latent_size, 1, 1).normal_(generator=generator_of_noise)
z.mul_(torch.tensor(temperature).sqrt())
z = z.to(device)
generator.train(False)
with torch.inference_mode():
    images = generator(z)
