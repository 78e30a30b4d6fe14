# differs: computes baralpha, with the division by f(0), and puts a 1 in front

def f(t):
    return torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2


baralphas = f(torch.arange(1, T + 1).double()) / f(torch.zeros((), dtype=torch.float64))
before = torch.cat([torch.ones(1, dtype=torch.float64), baralphas[:-1]])
betas = torch.clamp(1 - baralphas / before, min=1e-4, max=0.9999)
