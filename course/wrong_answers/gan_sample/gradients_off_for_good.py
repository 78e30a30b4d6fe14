# misconception: Gradients are switched off before sampling.
# says: gradients are switched off for good

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
torch.set_grad_enabled(False)
images = generator(z.to(device))
