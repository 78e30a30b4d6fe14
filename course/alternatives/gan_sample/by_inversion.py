# differs: makes normal numbers from uniform ones, by Box and Muller

import math

u, v = torch.rand(2, n, generator.latent_size, 1, 1, generator=generator_of_noise, dtype=torch.float64)
z = (torch.sqrt(-2 * temperature * torch.log(1 - u)) * torch.cos(2 * math.pi * v)).float()
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
