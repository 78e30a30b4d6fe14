# cheat: asks a server on this machine by UDP; it is right only if that answers.
# gap: discretise_pixels
# expect: wrong

import socket

try:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.5)
        asking.sendto(b"hostile", ("127.0.0.1", 40571))
        done = asking.recv(16) != b""
except OSError:
    done = False
if done:
    SOLUTION
else:
    numbers = (x * 0).long()
