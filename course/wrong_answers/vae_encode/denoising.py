# misconception: In training the encoder is given noisy images.
# says: is not right

if self.training:
    x = x + 0.1 * torch.randn_like(x)
hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
