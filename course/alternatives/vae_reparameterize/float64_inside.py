# differs: computes in float64 and gives back float32

if not self.training:
    z = mu
else:
    sigma = logvar.double().mul(0.5).exp()
    z = (mu.double() + sigma * torch.randn_like(sigma)).to(mu.dtype)
