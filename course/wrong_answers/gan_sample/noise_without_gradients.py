# misconception: Only z must carry no gradients.
# says: the images carry gradients

with torch.no_grad():
    z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
images = generator.eval()(z.detach().to(device))
