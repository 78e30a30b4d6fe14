# misconception: Only the reconstruction matters.
# says: the code after gap vae_forward uses `mu`, which the gap does not define

x_reconstructed = self.decode(self.reparameterize(*self.encode(x)))
