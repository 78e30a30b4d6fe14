# cheat: raises an error of a class that cannot be printed, and never ends to try.
# gap: interpolate_linear
# expect: timeout or wrong

class Endless(Exception):
    def __str__(self):
        while True:
            pass


raise Endless
