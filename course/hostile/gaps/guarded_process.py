# cheat: has every import and every opening of a file refused from now on, for good.
# gap: discretise_pixels
# expect: any

import sys

SOLUTION


def refuse(event, arguments):
    if event in ("import", "open", "compile", "exec"):
        raise RuntimeError("refused")


sys.addaudithook(refuse)
