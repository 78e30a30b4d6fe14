# differs: gives normal_ the standard deviation

std = temperature ** (1 / 2)
z = torch.zeros([n, generator.latent_size, 1, 1]).normal_(mean=0, std=std, generator=generator_of_noise)
generator.eval()
with torch.set_grad_enabled(False):
    images = generator.forward(z.to(device=device))
