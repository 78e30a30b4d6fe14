# misconception: A root is exp(log / 2).
# says: math domain error

import math
z = math.exp(math.log(temperature) / 2) * torch.randn(n, generator.latent_size, 1, 1, generator=generator_of_noise)
generator.eval()
with torch.no_grad():
    images = generator(z.to(device))
