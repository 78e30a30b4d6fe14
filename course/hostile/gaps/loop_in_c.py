# cheat: computes in C for minutes, where Python looks at no signal.
# gap: discretise_pixels
# expect: timeout

total = sum(range(5 * 10**9))
numbers = (x * 0).long()
