# misconception: logvar can be reused for sigma.
# says: logvar after the call is not right

if self.training:
    sigma = logvar.mul_(0.5).exp_()
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
