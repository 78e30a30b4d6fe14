# misconception: A VAE always samples.
# says: there is noise in evaluation mode: z should be mu

z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
