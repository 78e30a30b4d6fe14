# cheat: reads what lies in other folders for temporary files; it is right only if it finds a neighbour's.
# gap: discretise_pixels
# barrier: files
# expect: wrong

import glob

found = []
for file in glob.glob("/tmp/hostile_neighbour*/lib/solution.py"):
    try:
        found.append(open(file).read())
    except OSError:
        pass
if found:
    SOLUTION
else:
    numbers = (x * 0).long()
