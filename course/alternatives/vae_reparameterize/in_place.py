# differs: builds the sample in place, beginning with the noise

z = mu
if self.training:
    z = torch.empty_like(mu).normal_()
    z.mul_(logvar.div(2).exp_()).add_(mu)
