"""Between a student's code and its judges; README.md shows in one diagram how a gap is graded."""
