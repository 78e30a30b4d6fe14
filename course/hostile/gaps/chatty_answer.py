# cheat: is honest: it prints a progress bar and the shapes of all tensors, in each call.
# gap: interpolate_linear
# expect: solved

for step in range(steps):
    print(f"\rstep {step} of {steps}: {start.shape} -> {end.shape}", end="", flush=True)
print(start, end)
SOLUTION
