# differs: draws the noise with torch.normal, and adds it without gradient

z = mu
if self.training:
    with torch.no_grad():
        eps = torch.normal(torch.zeros_like(mu), 1.0)
    z = torch.exp(0.5 * logvar) * eps + mu
