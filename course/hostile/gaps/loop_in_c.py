# cheat: computes in C for minutes, where Python looks at no signal.
# gap: interpolate_linear
# expect: timeout

total = sum(range(5 * 10**9))
path = torch.zeros(steps, len(start))
