# differs: goes through a function of its own

def autoencode(image):
    mean, log_variance = self.encode(image)
    return self.decode(self.reparameterize(mean, log_variance)), mean, log_variance


x_reconstructed, mu, logvar = autoencode(x)
