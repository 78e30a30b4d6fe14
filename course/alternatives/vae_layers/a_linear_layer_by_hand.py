# differs: writes its own layer, x W^T + b

class Affine(nn.Module):
    def __init__(self, size_in, size_out):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size_out, size_in).uniform_(-1, 1) / math.sqrt(size_in))
        self.bias = nn.Parameter(torch.zeros(size_out))

    def forward(self, x):
        return torch.einsum("bi,oi->bo", x, self.weight) + self.bias


self.encode_hidden = Affine(num_pixels, hidden_size)
self.encode_mu = Affine(hidden_size, latent_size)
self.encode_logvar = Affine(hidden_size, latent_size)
self.decode_hidden = Affine(latent_size, hidden_size)
self.decode_output = Affine(hidden_size, num_pixels)
