"""The judges: what the gaps of `lib/` are graded by. Each file also runs alone: `python -m tests.test_vae`."""

from exercise import ready

ready.check()
