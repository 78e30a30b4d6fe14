# differs: draws the noise of one image after the other

z = mu
if self.training:
    rows = []
    for m, s in zip(mu, torch.exp(logvar / 2)):
        rows.append(m + torch.randn_like(m) * s)
    z = torch.stack(rows)
