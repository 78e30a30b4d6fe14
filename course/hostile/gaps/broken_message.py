# cheat: raises an error of a class that cannot be printed, and never ends to try.
# gap: discretise_pixels
# expect: timeout or wrong

class Endless(Exception):
    def __str__(self):
        while True:
            pass


raise Endless
