# differs: computes with numpy

import numpy as np

f = np.cos(pi / 2 * (np.arange(T + 1) / T + s) / (1 + s)) ** 2
betas = torch.from_numpy(np.clip(1 - f[1:] / f[:-1], 1e-4, 0.9999))
