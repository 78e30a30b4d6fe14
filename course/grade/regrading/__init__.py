"""A class graded again with the course as it is now: who changes by how much, and why."""
