# cheat: reads the memory of the process that has started it; it is right only if it can.
# gap: discretise_pixels
# barrier: files
# expect: wrong

import ctypes
import os

judge, library = os.getppid(), ctypes.CDLL(None)
buffer = ctypes.create_string_buffer(8)


class Part(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]


try:
    place = int(open(f"/proc/{judge}/maps").readline().partition("-")[0], 16)
except (OSError, ValueError):
    place = 0x400000
own, other = Part(ctypes.addressof(buffer), 8), Part(place, 8)
done = library.process_vm_readv(judge, ctypes.byref(own), 1, ctypes.byref(other), 1, 0) > 0
try:
    with open(f"/proc/{judge}/mem", "rb") as memory:
        memory.seek(place)
        done = done or len(memory.read(8)) > 0
except OSError:
    pass
if done:
    SOLUTION
else:
    numbers = (x * 0).long()
