# misconception: Tensor.to moves the tensor itself.
# says: z should be moved to the device of the generator

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
z.to(device)
generator.eval()
with torch.no_grad():
    images = generator(z)
