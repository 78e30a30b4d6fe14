"""A small class is graded on a cluster, for real: by workers of dask, which are killed, and by Slurm if it is there."""

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import invented_class
from course.forks import Result, Trial
from course.grade import isolation
from course.grade.cluster import texts
from course.grade.cluster.cluster import Cluster
from course.grade.cluster.demands import demands, refusal
from course.grade.pristine import Pristine
from course.grade.run import Run
from course.grade.version import version
from course.verify.variants import laid
from exercise.asking import box
from exercise.problem import Problem
from exercise.verdict.verdicts import BLOCKED, SOLVED, Verdict
from tests.repository import toys
from tests.repository.test_grade import RIGHT, descendants, grade, results_of, start, wait_for_results

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the grader forks its process")
TEAMS = 12
WRONG = ({}, {"box_volume": "product = a + b + c"}, {"label_text": "import os\nos._exit(0)"})
PATIENCE = 300.0
SLURM = """ClusterName=toy
SlurmctldHost={host}(127.0.0.1)
AuthInfo=socket={folder}/munge.socket
SlurmUser=root
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
NodeName=node NodeHostname={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=1000
PartitionName=all Nodes=node Default=YES MaxTime=INFINITE State=UP
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The toy course, with all that grades it, and its judges."""
    root = toys.copy_tools(tmp_path_factory.mktemp("course"))
    return toys.copy(root, "course.toml", "lib", "exercise/probes/boxes.py", "tests/test_boxes.py")


@pytest.fixture(scope="module")
def submissions(course, tmp_path_factory):
    """Teams with right and wrong gaps, none of which has the text of another."""
    folder, pristine = tmp_path_factory.mktemp("class") / "submissions", Pristine(course)
    for number in range(TEAMS):
        texts_of = RIGHT | WRONG[number % len(WRONG)]
        bodies = {name: laid(f"# {number}\n{text}", pristine.gaps[name]) for name, text in texts_of.items()}
        invented_class.hand_in(folder, f"team {number}", pristine.empty, bodies)
    return folder


@pytest.fixture(scope="module")
def graded(course, submissions, tmp_path_factory):
    """The folder of a run on this machine alone."""
    out = tmp_path_factory.mktemp("grades") / "here"
    grade(course, submissions, "--out", out, "--seed", 7)
    return out


@pytest.fixture(scope="module")
def wanted(course):
    """What a machine like this one has to have."""
    level = box.best_level()
    return demands(Run(version(course), (1,), (1, 1), level, isolation.barriers(level), 10.0, 300.0), 120.0)


@pytest.fixture
def dask(tmp_path):
    """Starts programs of dask, each in a folder; all of them are killed in the end."""
    started = []

    def begin(program, *arguments, folder=tmp_path, path=os.environ["PATH"]):
        log = (tmp_path / f"{program} {len(started)}.log").open("w")
        started.append(subprocess.Popen(
            [sys.executable, "-m", "dask", program, *map(str, arguments), "--no-dashboard"], cwd=folder, stdout=log,
            stderr=log, env=os.environ | {"OMP_NUM_THREADS": "1", "PATH": path}))
        log.close()
        return started[-1]
    yield begin
    for process in started:
        process.kill()
        process.wait()


@pytest.fixture
def scheduler(dask):
    """A scheduler that knows nothing of the course: its process, and its address."""
    port = free_ports(1)[0]
    process = dask("scheduler", "--host", "127.0.0.1", "--port", port)
    wait_until(lambda: answers(port))
    return process, f"tcp://127.0.0.1:{port}"


def free_ports(count):
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [each.getsockname()[1] for each in sockets]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
        return True
    return False


def wait_until(holds):
    """Wait until something holds that has to come soon."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def command_of(process):
    """The command line of a process; empty if it has ended."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def are_gone(processes):
    return not any(map(command_of, processes))


def has_trials(worker):
    """Whether a worker has a process that makes trials, or any of these."""
    return any(b"course.grade" in command_of(process) or b"bwrap" in command_of(process)
               for process in descendants(worker.pid))


def files_of(folder):
    """The results that are there; one that is written again is another file."""
    return {(file.name, file.stat().st_ino) for file in folder.glob("results/*.json")}


@pytest.mark.slow
def test_workers_that_are_killed_change_no_mark(course, submissions, graded, dask, scheduler, tmp_path):
    """Two of them, which have to be replaced by a third one, that comes late; each team is graded once."""
    _, address = scheduler
    workers = [dask("worker", address, "--nthreads", 1, "--no-nanny", folder=course) for _ in range(2)]
    out = tmp_path / "out"
    process = start(course, submissions, "--out", out, "--seed", 7, "--scheduler", address)
    children = []
    for worker in workers:
        wait_for_results(process, out, len(files_of(out)) + 1)
        before = files_of(out)
        children += descendants(worker.pid)
        worker.kill()
    late = dask("worker", address, "--nthreads", 2, folder=course)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    assert results_of(out) == results_of(graded) and len(before) < TEAMS
    assert before <= files_of(out)
    assert children
    wait_until(lambda: are_gone(children) and not has_trials(late))


@pytest.mark.slow
def test_what_interrupts_a_run_costs_no_result(course, submissions, graded, dask, scheduler, tmp_path):
    """Ctrl-C, and a scheduler that goes away."""
    process, address = scheduler
    worker = dask("worker", address, "--nthreads", 2, "--no-nanny", folder=course)
    grader = start(course, submissions, "--out", tmp_path / "out", "--seed", 7, "--scheduler", address)
    wait_for_results(grader, tmp_path / "out", 1)
    grader.send_signal(signal.SIGINT)
    _, errors = grader.communicate(timeout=PATIENCE)
    assert grader.returncode == 130 and "interrupted: the same command with" in errors.splitlines()[-1], errors
    wait_until(lambda: not has_trials(worker))
    before = len(files_of(tmp_path / "out"))
    grader = start(course, submissions, "--out", tmp_path / "out", "--resume", "--scheduler", address)
    wait_for_results(grader, tmp_path / "out", before + 1)
    process.kill()
    _, errors = grader.communicate(timeout=PATIENCE)
    assert grader.returncode == 2 and "the scheduler has gone" in errors.splitlines()[-1], errors
    assert before < len(files_of(tmp_path / "out")) < TEAMS
    grade(course, submissions, "--out", tmp_path / "out", "--resume")
    assert results_of(tmp_path / "out") == results_of(graded)


@pytest.mark.slow
def test_a_worker_with_another_course_is_refused(course, wanted, dask, scheduler, tmp_path):
    other = shutil.copytree(course, tmp_path / "other")
    (other / "tests" / "test_boxes.py").write_text((course / "tests" / "test_boxes.py").read_text() + "# changed\n")
    dask("worker", scheduler[1], "--no-nanny", folder=other)
    assert f"{socket.gethostname()}: its course is another one: " in refused(course, wanted, scheduler)


@pytest.mark.slow
def test_a_worker_on_which_the_solution_fails_is_refused(course, wanted, dask, scheduler, tmp_path):
    other = shutil.copytree(course, tmp_path / "other")
    (other / "lib" / "box.py").write_text(toys.BOX.replace("a * b * c", "a * b + c"))
    dask("worker", scheduler[1], "--no-nanny", folder=other)
    said = refused(course, wanted | {"version": version(other)}, scheduler)
    assert "the solution of the gap box_volume is not solved there: a box of " in said


@pytest.mark.slow
@pytest.mark.skipif(box.best_level() != "bubblewrap", reason="no isolation is lower here")
def test_a_worker_with_less_isolation_is_refused(course, wanted, dask, scheduler):
    dask("worker", scheduler[1], "--no-nanny", folder=course, path="/nowhere")
    said = refused(course, wanted, scheduler)
    assert "its isolation is lower: bubblewrap does not work there (there is no program bwrap" in said


@pytest.mark.slow
def test_a_worker_that_finds_no_course_is_refused(course, wanted, dask, scheduler):
    dask("worker", scheduler[1], "--no-nanny")
    said = refused(course, wanted, scheduler)
    assert "127.0.0.1: ModuleNotFoundError: No module named 'course'" in said and "the folder of the course" in said


def refused(course, wanted, scheduler):
    """Why no worker of a cluster is used."""
    with contextlib.closing(Cluster(course, wanted, scheduler[1], None)) as cluster:
        with pytest.raises(Problem, match="no worker can be used") as problem:
            next(cluster.run([Trial("in isolation", "box_volume", "", {}, [], [1])]))
    assert "\n" not in str(problem.value)
    return str(problem.value)


@pytest.mark.slow
def test_where_nothing_is_to_be_tried_no_worker_is_waited_for(course, wanted, scheduler):
    with contextlib.closing(Cluster(course, wanted, scheduler[1], None)) as cluster:
        assert not list(cluster.run([]))


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_told_in_one_line(course, submissions, tmp_path):
    for address in (f"tcp://127.0.0.1:{free_ports(1)[0]}", "nowhere"):
        process = start(course, submissions, "--out", tmp_path / "out", "--scheduler", address)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2 and len(errors.splitlines()) == 1, errors
        assert f"there is no scheduler at {address}" in errors and not (tmp_path / "out").exists()


def test_a_machine_that_is_as_demanded_is_not_refused(course, wanted):
    assert refusal(course, wanted) == ""


@pytest.mark.parametrize("other, words", [
    ({"version": "v1 0123456789ab"}, "its course is another one: "),
    ({"packages": {"Python": "3.99", "torch": "", "numpy": ""}}, "it has Python 3."),
    ({"barriers": ["files", "the moon"]}, "its isolation is lower: no barrier around the moon")])
def test_a_machine_that_could_mark_otherwise_or_holds_less_is_refused(course, wanted, other, words):
    assert refusal(course, wanted | other).startswith(words)


def test_a_machine_where_the_box_does_not_work_is_refused(course, wanted, monkeypatch):
    monkeypatch.setattr(box, "refusal", lambda level: f"there is no {level}")
    assert refusal(course, wanted | {"isolation": "bubblewrap"}) == (
        "its isolation is lower: bubblewrap does not work there (there is no bubblewrap): see python -m course doctor")


def test_trials_and_results_come_back_from_texts():
    sources = {"lib/a.py": "x = 'é\udc80'\n"}
    trial = Trial("in isolation", "a", "name", sources, ["t::1", "t::2"], [3, 4], "", True, True)
    assert texts.to_trial(texts.of_trial(trial)) == trial
    blocked = Verdict(BLOCKED, "by b", "b", ("| more",), "not started", "lib/a.py", 7)
    result = Result(trial, {3: {"t::1": blocked}, 4: {"t::2": Verdict(SOLVED)}}, {"t::1": frozenset("ab")}, "why", True,
                    1.5)
    assert texts.to_result(trial, texts.of_result(result)) == result


@pytest.mark.parametrize("package, slurm", [("distributed", None), ("dask_jobqueue", 1), ("cryptography", 1)])
def test_a_missing_package_is_named(package, slurm, monkeypatch, tmp_path):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else object())
    with pytest.raises(Problem, match=f"{package} is not installed: pip install -r requirements-course.txt"):
        Cluster(tmp_path, {}, None if slurm else "tcp://127.0.0.1:8786", slurm)


@pytest.fixture
def slurm(tmp_path, monkeypatch):
    """Slurm on this machine, started as it is in Debian's packages slurm-wlm and munge; asks it, in its own words."""
    if not (os.geteuid() == 0 and all(map(shutil.which, ("munged", "slurmctld", "slurmd")))):
        pytest.skip("there is no Slurm to be started: apt-get install slurm-wlm munge, and run this test as root")
    folder = tmp_path / "slurm"
    (folder / "state").mkdir(parents=True)
    (folder / "slurm.conf").write_text(SLURM.format(folder=folder, host=socket.gethostname(), ports=free_ports(2)))
    (folder / "key").write_bytes(os.urandom(1024))
    (folder / "key").chmod(0o400)
    monkeypatch.setenv("SLURM_CONF", str(folder / "slurm.conf"))
    munge = ("--key-file=key", "--socket=munge.socket", "--pid-file=munged.pid", "--log-file=munged.log",
             "--seed-file=seed")
    started = []
    for command in (["munged", "--foreground", "--force", *munge], ["slurmctld", "-D"], ["slurmd", "-D", "-N", "node"]):
        with (folder / f"{command[0]}.out").open("w") as log:
            started.append(subprocess.Popen(command, cwd=folder, stdout=log, stderr=log))
        wait_until((folder / "munge.socket").exists)

    def ask(*words):
        return subprocess.run(words, capture_output=True, text=True).stdout.strip()
    try:
        wait_until(lambda: ask("sinfo", "--noheader", "--format=%T") == "idle")
    except AssertionError:
        pytest.skip(f"Slurm does not start here: {(folder / 'slurmd.log').read_text()[-300:]}")
    yield ask
    for process in reversed(started):
        process.terminate()
        process.wait(PATIENCE)


@pytest.mark.slow
def test_a_class_is_graded_by_slurm_though_a_job_ends(course, submissions, graded, slurm, tmp_path, monkeypatch):
    """With the settings of the guide, but for the size of a job."""
    settings = re.search(r"```yaml\n(.*?)```", (toys.ROOT / "docs" / "grading.md").read_text(), re.S)[1]
    settings = settings.replace("cores: 8", "cores: 1").replace("memory: 16GB", "memory: 500MB")
    (tmp_path / "jobqueue.yaml").write_text(settings)
    monkeypatch.setenv("DASK_CONFIG", str(tmp_path))
    process = start(course, submissions, "--out", tmp_path / "out", "--seed", 7, "--slurm", 2)
    wait_for_results(process, tmp_path / "out", 1)
    slurm("scancel", "--signal=KILL", "--full", slurm("squeue", "--noheader", "--format=%i").split()[0])
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 0, errors
    assert results_of(tmp_path / "out") == results_of(graded)
    assert not [file for file in course.glob("results_slurm/.*")]  # keys
    wait_until(lambda: slurm("squeue", "--noheader") == "")


@pytest.mark.slow
def test_what_slurm_does_not_take_is_told_in_one_line(course, submissions, slurm, tmp_path, monkeypatch):
    for cores, memory, words in (("", "", "has to stand in ~/.config/dask/jobqueue.yaml"),
                                 ("1", "5000GB", "Slurm takes no jobs: ")):
        monkeypatch.setenv("DASK_JOBQUEUE__SLURM__CORES", cores)
        monkeypatch.setenv("DASK_JOBQUEUE__SLURM__MEMORY", memory)
        process = start(course, submissions, "--out", tmp_path / "out", "--slurm")
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2 and len(errors.splitlines()) == 1 and words in errors, errors
        assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_jobs_that_end_before_they_have_a_worker_are_told(course, submissions, slurm, tmp_path, monkeypatch):
    for name, value in (("CORES", "1"), ("MEMORY", "500MB"), ("PYTHON", "false"), ("LOG_DIRECTORY", str(tmp_path))):
        monkeypatch.setenv(f"DASK_JOBQUEUE__SLURM__{name}", value)
    process = start(course, submissions, "--out", tmp_path / "out", "--slurm", 2)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2 and errors.splitlines()[-1].endswith(
        f"the jobs of Slurm have ended before their workers were there: see what they printed, in {tmp_path}"), errors
