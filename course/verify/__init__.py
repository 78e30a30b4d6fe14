"""The tests on trial: what is written into the gaps, and what the tests have to say to it."""
