# cheat: answers with the right numbers, and imaginary parts beside them.
# gap: vae_encode
# expect: wrong

SOLUTION
mu, logvar = torch.complex(mu, torch.ones_like(mu)), torch.complex(logvar, torch.ones_like(mu))
