# differs: makes Gaussian noise from uniform noise

def gaussian(like):
    radius = torch.sqrt(-2 * torch.log1p(-torch.rand_like(like)))
    return radius * torch.cos(2 * math.pi * torch.rand_like(like))


if self.training:
    z = mu + gaussian(mu) * logvar.exp().sqrt()
else:
    z = mu.clone()
