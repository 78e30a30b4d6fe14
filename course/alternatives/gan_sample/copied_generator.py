# differs: asks a copy of the generator, which alone is in evaluation mode

from copy import deepcopy

z = temperature**0.5 * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
with torch.no_grad():
    images = deepcopy(generator).eval()(z.to(device))
