# differs: puts the generator back into the mode it came in

was_training = generator.training
generator.eval()
try:
    with torch.no_grad():
        z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
        images = generator(z.to(device))
finally:
    generator.train(was_training)
