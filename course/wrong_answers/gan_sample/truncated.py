# misconception: Extreme noise should be cut off.
# says: is cut off: a Gaussian has tails

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise).clamp(-3.05, 3.05)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
