# differs: computes the coefficients with the standard library

import math

beta, bar, alpha = (float(part[t]) for part in (betas, baralphas, alphas))
sigma = math.sqrt(beta) if t > 0 else 0.0
x_before = (x - beta / math.sqrt(1 - bar) * predict_noise(model, x, t)) / math.sqrt(alpha) + sigma * torch.randn_like(x)
