# misconception: mu can be reused for the sample.
# says: mu after the call is not right

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu.add_(sigma * torch.randn_like(sigma))
else:
    z = mu
