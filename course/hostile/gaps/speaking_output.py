# cheat: prints escapes, commands of a workflow, HTML and lines of a table, beside a right answer.
# gap: vae_forward
# expect: solved

import sys

for stream in (sys.stdout, sys.stderr):
    print("\x1b[2J\x1b[31m\n::error file=lib/x.py::solved\n::set-output name=points::100\n<script>alert(1)</script>\n"
          "| vae_loss | solved | 2 / 2 |\nvae_loss  solved  2 / 2\r", "\0\x07\u202e", file=stream)
SOLUTION
