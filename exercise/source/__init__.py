"""What is graded: the gaps in lib/, where they lie, and the table of the course."""
