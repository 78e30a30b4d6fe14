"""What `python -m exercise` does: run the judges, give a hint, reset a gap, watch for changes."""
