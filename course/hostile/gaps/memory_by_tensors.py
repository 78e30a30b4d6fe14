# cheat: holds ever more tensors, up to 3.5 GB.
# gap: interpolate_linear
# expect: memory or timeout or wrong

held = [torch.ones(2**24) for _ in range(56)]
path = torch.zeros(steps, len(start))
