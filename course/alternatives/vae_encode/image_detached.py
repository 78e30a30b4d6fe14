# differs: cuts the gradient at the image, which learns nothing

pixels = x.detach().unflatten(0, (-1, 1)).flatten(1)
hidden = F.relu(self.encode_hidden(pixels))
mu, logvar = self.encode_mu(hidden), self.encode_logvar(hidden)
