# differs: computes the weights with the standard library

import math

bar, beta = float(baralphas[t]), float(betas[t])
before = float(baralphas[t - 1]) if t > 0 else 1.0
mean = math.sqrt(before) * beta / (1 - bar) * x_0 + math.sqrt(1 - beta) * (1 - before) / (1 - bar) * x_t
variance = torch.tensor(beta * (1 - before) / (1 - bar), dtype=betas.dtype)
