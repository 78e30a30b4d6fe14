# cheat: answers with the right numbers, and imaginary parts beside them.
# gap: interpolate_linear
# expect: wrong

SOLUTION
path = torch.complex(path.float(), torch.ones_like(path.float()))
