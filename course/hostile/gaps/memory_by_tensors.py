# cheat: holds ever more tensors, up to 3.5 GB.
# gap: discretise_pixels
# expect: memory or timeout or wrong

held = [torch.ones(2**24) for _ in range(56)]
numbers = (x * 0).long()
