# cheat: answers with an object that runs a command when it is unpickled.
# gap: discretise_pixels
# expect: wrong

class Command:
    def __reduce__(self):
        return print, ("run",)


numbers = Command()
