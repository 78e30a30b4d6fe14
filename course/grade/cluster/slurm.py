"""Workers of dask in jobs of Slurm, by dask-jobqueue."""

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import dask

from exercise.problem import Problem

if TYPE_CHECKING:
    from dask_jobqueue import SLURMCluster

__all__ = ["started", "watch"]

_FILES = "results_slurm"  # of the jobs: what they print, and while they run, their keys
_EVERY = 10.0  # seconds between two looks at the queue: as long as a job that has ended may take to be replaced


@contextlib.asynccontextmanager
async def started(jobs: int) -> AsyncIterator["SLURMCluster"]:
    """A cluster that keeps so many jobs in the queue, or running, each with one worker.

    Raises: Problem if there is no Slurm, or it takes no such jobs.
    """
    from dask_jobqueue import SLURMCluster
    if not shutil.which("sbatch"):
        raise Problem("there is no sbatch here: grade on a machine from which jobs are submitted to Slurm")
    if not (_setting("cores") and _setting("memory")):
        raise Problem("how many cores and how much memory a job has, and which partition and time, has to stand in "
                      "~/.config/dask/jobqueue.yaml: see docs/grading.md")
    places = {name: _setting(name) or _FILES for name in ("log_directory", "shared_temp_directory")}
    os.makedirs(places["shared_temp_directory"], exist_ok=True)
    # A worker makes as many trials at a time as its job has cores. By TLS, nobody else gives it tasks.
    cluster = SLURMCluster(asynchronous=True, processes=1, security=True, **places,
                           scheduler_options={"dashboard_address": ":0"} | _setting("scheduler_options"))
    async with cluster:
        code, said = await _run("sbatch", "--test-only", given=cluster.job_script())
        if code:
            raise Problem(f"Slurm takes no jobs: {said.splitlines()[-1]}")
        cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)
        yield cluster


async def watch(cluster: "SLURMCluster") -> None:
    """Look after the jobs of a cluster. One that ends while its worker is there is replaced, and no other one.

    Raises: Problem if all of them have ended, and there is no worker.
    """
    ended = set()
    while True:
        await asyncio.sleep(_EVERY)
        jobs = {job.job_id for job in cluster.workers.values()}
        code, queue = await _run("squeue", "--me", "--noheader", "--format=%i")
        if cluster.scheduler_info["workers"] or code or jobs & set(queue.split()):
            ended = set()
        elif jobs and jobs == ended:
            raise Problem("the jobs of Slurm have ended before their workers were there: see what they printed, in "
                          f"{_setting('log_directory') or _FILES}")
        else:
            ended = jobs


def _setting(name: str) -> object:
    return dask.config.get(f"jobqueue.slurm.{name}")  # where a name may have "-" or "_"


async def _run(*command: str, given: str = "") -> tuple[int, str]:
    """The exit code of a command, and what it printed."""
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                                   stderr=subprocess.STDOUT)
    said, _ = await process.communicate(given.encode())
    return process.returncode, said.decode(errors="replace").strip()
