# misconception: In evaluation z is drawn from the prior.
# says: there is noise in evaluation mode: z should be mu

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = torch.randn_like(mu)
