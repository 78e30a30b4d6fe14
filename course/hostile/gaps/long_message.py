# cheat: raises an error whose message has 100 MB.
# gap: discretise_pixels
# expect: wrong or output limit or memory or timeout

raise ValueError("solved " * (10**8 // 7))
