# cheat: raises what the stub of another gap raises, so that the blame goes there.
# gap: vae_forward
# expect: wrong

raise NotImplementedError("TODO vae_encode: sheet 2, task 1")
