# cheat: looks through what was open before it began; it is right only if that leads to the tests.
# gap: discretise_pixels
# expect: wrong

import os

found = False
for number in range(3, 256):
    for path in ("tests", "../tests", "course.toml"):
        try:
            os.close(os.open(path, os.O_RDONLY, dir_fd=number))
            found = True
        except OSError:
            pass
if found:
    SOLUTION
else:
    numbers = (x * 0).long()
