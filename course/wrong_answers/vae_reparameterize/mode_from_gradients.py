# misconception: Training is when gradients are recorded.
# says: there is noise in evaluation mode: z should be mu

if torch.is_grad_enabled():
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
