"""What an answer is worth: a verdict for each test, the state of each gap, and the reports on both."""
