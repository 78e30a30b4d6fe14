# differs: applies the ReLU in place

hidden = F.relu_(self.encode_hidden(torch.flatten(x, 1)))
heads = nn.ModuleDict({"mu": self.encode_mu, "logvar": self.encode_logvar})
mu, logvar = (heads[name](hidden) for name in ("mu", "logvar"))
