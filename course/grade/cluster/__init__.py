"""Trials on the workers of a cluster, by dask.distributed.

What forks may have no threads, and what speaks to dask has some. So on each side there are two processes, with pipes
between them, and texts alone go through:

    the grader  --pipe--  `engine`  ==dask==  a worker with an `executor`  --pipes--  `warm`, which forks trials

The grader reads submissions, says what to try and writes results, as it does without a cluster. Each worker has the
course on its machine, which must be the same.
"""
