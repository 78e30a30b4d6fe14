# cheat: pretends that somebody has pressed Ctrl-C, which stops a run between two tests.
# gap: vae_encode

raise KeyboardInterrupt
