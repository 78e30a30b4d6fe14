# cheat: answers with 60 MB.
# gap: interpolate_linear
# expect: output limit or wrong

path = torch.zeros(15 * 10**6)
