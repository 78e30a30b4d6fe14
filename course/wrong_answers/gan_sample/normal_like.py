# misconception: Noise made in place needs no generator.
# says: is generator_of_noise used, and nothing else?

z = temperature**0.5 * torch.empty(n, generator.latent_size, 1, 1).normal_()
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
