"""The process of the grader that speaks to dask: `python -m course.grade.cluster.engine PIPE`.

Each worker that is there, or comes, is given an `Executor`, and each trial goes to one with a free slot. A trial whose
worker goes is lost, and the grader tries it again. Only workers import what is ours, the scheduler does not.
"""

import asyncio
import contextlib
import logging
import operator
import pkgutil
import sys
import threading
import warnings
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field
from multiprocessing.connection import Connection

import dask
from distributed import CancelledError, Client, Future

from course.grade.cluster import slurm
from course.grade.cluster.executor import end
from course.grade.cluster.pipes import receive, send
from exercise.problem import Problem

__all__ = ["Engine", "main"]

_EXECUTOR = "course.grade.cluster.executor:Executor"
_EVERY = 1.0  # seconds, after which to look which workers are there
_PATIENCE = 5.0  # seconds for an answer of the scheduler


@dataclass(eq=False)
class _Worker:
    """A worker of dask."""
    address: str
    machine: str
    slots: int
    is_refused: bool = False
    is_ready: bool = False
    executor: Future | None = None
    futures: set[Future] = field(default_factory=set)


class Engine:
    """Trials on the workers of a cluster.

    Args:
        demands: of executors, see `warm.main`.
        jobs: how many trials at a time on each worker; as many as it has threads without, and at most.
        tell: called with each message for the grader: how many trials may be under way, {"slots": 4}; what came of one,
            {"number": 1} with "result", or with "lost", which says why there is none; what a person should know,
            {"line": "..."}; and why no more can be done, {"problem": "..."}.
    """

    def __init__(self, client: Client, demands: dict, jobs: int | None, tell: Callable[[dict], None]):
        self._client, self._demands, self._jobs, self._tell = client, demands, jobs, tell
        self._workers: dict[str, _Worker] = {}  # by address
        self._free: deque[_Worker] = deque()  # a worker as often as it has free slots
        self._tasks: set[asyncio.Task] = set()

    async def run(self, asked: asyncio.Queue) -> None:
        """Have all trials of this queue made, each with its number, until there comes None."""
        self._begin(self._watch())
        if self._client.cluster:
            self._begin(slurm.watch(self._client.cluster))
        while message := await asked.get():
            self._begin(self._try(**message))

    async def end(self) -> None:
        """End all executors, whatever they are doing."""
        keys = [worker.executor.key for worker in self._workers.values() if worker.executor]
        if keys:
            ending = self._client.run(end, keys, workers=[*self._workers], on_error="ignore")
            await asyncio.wait_for(ending, 2 * _PATIENCE)

    def _begin(self, work: Coroutine) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._has_ended)

    def _has_ended(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._tell({"problem": _line(error)})

    async def _watch(self) -> None:
        """Raises: Problem if the scheduler is gone."""
        while True:
            try:
                asking = self._client.scheduler.identity(n_workers=-1)
                there = (await asyncio.wait_for(asking, _PATIENCE))["workers"]
            except Exception as error:
                raise Problem(f"the scheduler has gone ({_line(error)}): --resume goes on") from None
            for address in self._workers.keys() - there.keys():
                await self._lose(self._workers[address])
            for address in there.keys() - self._workers.keys():
                self._begin(self._welcome(self._met(address, there[address])))
            await asyncio.sleep(_EVERY)

    def _met(self, address: str, about: dict) -> _Worker:
        threads = about["nthreads"]
        self._workers[address] = _Worker(address, about["host"], min(self._jobs or threads, threads))
        return self._workers[address]

    async def _welcome(self, worker: _Worker) -> None:
        """Have an executor begin, and use it if its machine is what is demanded.

        Raises: Problem if no worker can be used.
        """
        found = self._submit(worker, pkgutil.resolve_name, _EXECUTOR)
        worker.executor = self._submit(worker, operator.call, found, self._demands, worker.slots)
        try:
            refusal = await self._submit(worker, operator.methodcaller("refusal"), worker.executor)
        except CancelledError:
            return
        except ImportError as error:
            refusal = f"{worker.machine}: {_line(error)}: start it in the folder of the course"
        except Exception as error:
            refusal = f"{worker.machine}: {_line(error)}"
        self._refuse(worker, refusal) if refusal else self._use(worker)

    def _refuse(self, worker: _Worker, why: str) -> None:
        worker.is_refused = True
        if all(other.is_refused for other in self._workers.values()):
            raise Problem(f"no worker can be used: {why}")
        self._tell({"line": f"a worker is not used: {why}"})

    def _use(self, worker: _Worker) -> None:
        worker.is_ready = True
        self._free += [worker] * worker.slots
        self._tell_slots()

    async def _lose(self, worker: _Worker) -> None:
        """Take a worker as gone, with all that it was doing."""
        if self._is_there(worker):
            del self._workers[worker.address]
            self._free = deque(other for other in self._free if other is not worker)
            self._tell_slots()
            if self._client.status == "running":  # otherwise dask has cancelled all tasks
                await self._client.cancel([*worker.futures])

    def _is_there(self, worker: _Worker) -> bool:
        return self._workers.get(worker.address) is worker

    def _tell_slots(self) -> None:
        self._tell({"slots": sum(worker.slots for worker in self._workers.values() if worker.is_ready)})

    async def _try(self, number: int, trial: str) -> None:
        if not self._free:  # a worker has gone, and the grader did not know it yet
            self._tell({"number": number, "lost": "no worker was free"})
            return
        worker = self._free.popleft()
        future = self._submit(worker, operator.methodcaller("attempt", trial), worker.executor)
        try:
            said = {"result": await future}
            self._free += [worker] * self._is_there(worker)
        except Exception as error:  # CancelledError of dask's, or what the executor has said
            await self._lose(worker)
            said = {"lost": f"its worker on {worker.machine} has gone: {_line(error)}"}
        worker.futures.discard(future)
        self._tell({"number": number} | said)

    def _submit(self, worker: _Worker, function: Callable, *arguments: object) -> Future:
        """A task that this worker alone may do."""
        future = self._client.submit(function, *arguments, workers=[worker.address], allow_other_workers=False,
                                     pure=False)
        worker.futures.add(future)
        return future


async def main(grader: Connection) -> None:
    """Serve the grader, from the first message, which says what cluster to use and what for, until its pipe ends."""
    asked: asyncio.Queue = asyncio.Queue()
    threading.Thread(target=_listen, args=(grader, asyncio.get_running_loop(), asked), daemon=True).start()
    wanted = await asked.get()

    def tell(message: dict) -> None:
        with contextlib.suppress(OSError):
            send(grader, message)
    try:
        async with _connected(wanted["scheduler"], wanted["slurm"]) as client:
            engine = Engine(client, wanted["demands"], wanted["jobs"], tell)
            tell({"slots": 0})
            try:
                await engine.run(asked)
            finally:
                with contextlib.suppress(OSError):
                    await engine.end()
    except Exception as error:
        tell({"problem": _line(error)})


def _listen(pipe: Connection, loop: asyncio.AbstractEventLoop, asked: asyncio.Queue) -> None:
    """In a thread of its own, so that the grader never waits until a message is taken."""
    message: object = True
    while message:
        try:
            message = receive(pipe)
        except (EOFError, OSError):
            message = None
        loop.call_soon_threadsafe(asked.put_nowait, message)


@contextlib.asynccontextmanager
async def _connected(scheduler: str | None, jobs: int | None) -> AsyncIterator[Client]:
    """Raises: Problem if there is no such scheduler, or Slurm takes no such jobs."""
    async with contextlib.AsyncExitStack() as stack:
        place = scheduler or await stack.enter_async_context(slurm.started(jobs))
        try:
            client = await stack.enter_async_context(Client(place, asynchronous=True, timeout=_PATIENCE))
        except (OSError, ValueError) as error:
            raise Problem(f"there is no scheduler at {scheduler}: {_line(error)}") from None
        yield client


def _line(error: BaseException) -> str:
    """An error as one line."""
    words = " ".join(str(error).split())
    return words if isinstance(error, Problem) else f"{type(error).__name__}: {words}".removesuffix(": ")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable()  # what matters is told to the grader
    dask.config.set({"distributed.comm.timeouts.connect": _PATIENCE})
    asyncio.run(main(Connection(int(sys.argv[1]))))
