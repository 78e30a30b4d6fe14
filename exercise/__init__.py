"""Between a student's code and its judges: the source, the asking, the verdict, and the command line."""
