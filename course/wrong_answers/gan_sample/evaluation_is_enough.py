# misconception: Evaluation mode records no gradients.
# says: the images carry gradients

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
images = generator(z.to(device))
