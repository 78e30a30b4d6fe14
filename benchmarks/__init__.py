"""Speed and memory, measured next to the usual way of doing the same; see README.md."""
