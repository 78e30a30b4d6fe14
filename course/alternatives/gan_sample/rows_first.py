# differs: draws rows, and appends the two axes

import math

z = torch.randn((n, generator.latent_size), generator=generator_of_noise).mul(math.sqrt(temperature))
z = z[:, :, None, None].to(device)
generator.eval()
with torch.no_grad():
    images = generator(z)
