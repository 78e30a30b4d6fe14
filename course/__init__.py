"""The instructor's tools: the handout is made here, and the tests that grade it are held to account."""
