"""Between a student's code and its judges: gaps, the overlay that serves them, probes, and the process that answers."""
