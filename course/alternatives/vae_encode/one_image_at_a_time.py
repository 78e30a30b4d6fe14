# differs: encodes image after image

hidden = [torch.relu(self.encode_hidden(image.reshape(-1))) for image in x]
mu = torch.stack([self.encode_mu(h) for h in hidden])
logvar = torch.stack([self.encode_logvar(h) for h in hidden])
