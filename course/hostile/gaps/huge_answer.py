# cheat: answers with a tensor that takes no memory, and 2 GB once it is sent.
# gap: interpolate_linear
# expect: output limit or memory or timeout or wrong

path = torch.zeros(1).expand(5 * 10**8)
