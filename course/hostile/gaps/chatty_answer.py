# cheat: is honest: it prints a progress bar and the shapes of all tensors, in each call.
# gap: discretise_pixels
# expect: solved

for step in range(20):
    print(f"\rpixel {step} of {bins}: {x.shape} {x.dtype}", end="", flush=True)
print(x)
SOLUTION
