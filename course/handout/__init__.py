"""The student's repository: what it holds, what it must not give away, and the first run of its tests."""
