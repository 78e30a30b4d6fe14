# cheat: writes 3.5 GB to files that lie in memory and have no name.
# gap: discretise_pixels
# expect: memory or timeout or wrong

import os

held = [os.memfd_create("hostile") for _ in range(70)]
for descriptor in held:
    os.write(descriptor, b"x" * (50 * 2**20))
numbers = (x * 0).long()
