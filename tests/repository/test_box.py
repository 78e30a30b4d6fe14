"""The box: what a process in it finds, and what it leaves behind, for the user of the tests and for an ordinary one."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import pytest

from course.forks import Forks
from exercise.asking import box
from exercise.asking.box import LEVELS, Box, best_level, refusal
from exercise.asking.limits import Limits

ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
needs_bubblewrap = pytest.mark.skipif(bool(refusal("bubblewrap")), reason=f"no bubblewrap: {refusal('bubblewrap')}")
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can become another user")
ORDINARY = 60001

LOOK = """
import json, os, socket, sys, time

def refused(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return type(error).__name__
    return ""

status = dict(line.split() for line in open("/proc/self/status") if line.startswith(("Cap", "NoNewPrivs")))
sizes = {folder: os.statvfs(folder) for folder in ("/tmp", "/dev/shm")}
known = [number for number in os.listdir("/proc") if number.isdigit()]
print(json.dumps({
    "user": [os.getuid(), os.getgid(), *os.getgroups()],
    "status": {name.rstrip(":"): value for name, value in status.items()},
    "environment": sorted(os.environ),
    "environments": "".join(open(f"/proc/{number}/environ").read() for number in known),
    "open": sorted(os.readlink(f"/proc/self/fd/{number}") for number in os.listdir("/proc/self/fd")
                   if os.path.exists(f"/proc/self/fd/{number}")),
    "processes": len(known),
    "interfaces": [name for _, name in socket.if_nameindex()],
    "connect": refused(socket.create_connection, ("127.0.0.1", int(sys.argv[2])), 2),
    "host": socket.gethostname(),
    "terminal": refused(open, "/dev/tty"),
    "written": {folder: refused(open, f"{folder}/new", "w")
                for folder in ("/tmp", "/dev/shm", "/", "/dev", "/usr", "/etc", "/proc", "/root", "/home")},
    "sizes": {folder: size.f_blocks * size.f_frsize for folder, size in sizes.items()},
    "exists": [path for path in sys.argv[3:] if os.path.exists(path)],
    "namespace": os.system("unshare --user true 2> /dev/null"),
}))
"""
BOX = """
import os, sys
sys.path.insert(0, sys.argv[1])
from exercise.asking.box import Box
command = Box("bubblewrap", 3).command([sys.executable, "-I", "-c", *sys.argv[2:]])
os.execv(command[0], command)
"""


@pytest.fixture(scope="module")
def source():
    """A copy of the package that every user can read."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        shutil.copytree(ROOT / "exercise", Path(folder, "exercise"))
        subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
        yield folder


def ordinary_python():
    """A Python that an ordinary user can run, and how to do so; None if there is none."""
    if not IS_ROOT:
        return [sys.executable]
    for python in (sys.executable, "/usr/bin/python3", "/usr/local/bin/python3"):
        start = ["setpriv", f"--reuid={ORDINARY}", f"--regid={ORDINARY}", "--clear-groups", python]
        code = "import os, sys; sys.exit(sys.version_info < (3, 11) or not os.access(sys.executable, os.X_OK))"
        found = shutil.which("setpriv") and os.path.exists(python)
        if found and subprocess.run([*start, "-I", "-c", code], capture_output=True).returncode == 0:
            return start
    return None


@pytest.fixture(scope="module", params=["this user", "an ordinary user"])
def start(request, source):
    """The beginning of a command line that runs a text of Python in the box, for a user."""
    python = [sys.executable] if request.param == "this user" else ordinary_python()
    if python is None:
        pytest.skip("an ordinary user cannot read any Python here")
    return [*python, "-I", "-c", BOX, source]


@pytest.fixture(scope="module")
def seen(start):
    """What a process finds in the box."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.NamedTemporaryFile() as file:
        os.set_inheritable(file.fileno(), True)
        secret = os.environ | {"SECRET": "of the judge"}
        facts = [str(server.getsockname()[1]), str(ROOT / "course.toml"), file.name, start[-1]]
        ran = subprocess.run([*start, LOOK, start[-1], *facts], env=secret, stdin=subprocess.DEVNULL,
                             capture_output=True, text=True, cwd="/")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the box needs Linux")


@needs_bubblewrap
def test_nobody_in_the_box_has_rights(seen):
    assert 0 not in seen["user"] and len(set(seen["user"])) == 1
    assert seen["status"].pop("NoNewPrivs") == "1" and set(seen["status"].values()) == {"0" * 16}
    assert seen["namespace"] != 0


@needs_bubblewrap
def test_no_environment_in_the_box_tells_of_the_judge(seen):
    assert "SECRET" not in seen["environments"] and "SECRET" not in seen["environment"]
    assert set(seen["environment"]) <= {"PATH", "HOME", "TMPDIR", "USER", "LOGNAME", "LANG", "PWD", "OMP_NUM_THREADS",
                                        "MPLBACKEND", "LC_CTYPE", "LD_LIBRARY_PATH"}
    assert str(ROOT) not in seen["environments"]


@needs_bubblewrap
def test_descriptors_of_the_judge_do_not_get_in(seen):
    assert all(target.startswith(("pipe:", "/dev/null")) for target in seen["open"])


@needs_bubblewrap
def test_the_box_has_no_network_no_terminal_and_no_other_processes(seen):
    assert seen["interfaces"] == ["lo"] and seen["connect"] and seen["terminal"]
    assert seen["host"] == "box" and seen["processes"] == 2  # bubblewrap's own, which takes in orphans


@needs_bubblewrap
def test_only_two_small_folders_can_be_written_to(seen):
    assert [folder for folder, error in seen["written"].items() if not error] == ["/tmp", "/dev/shm"]
    assert set(seen["sizes"].values()) == {Limits().files}


@needs_bubblewrap
def test_neither_the_repository_nor_files_of_others_are_in_the_box(seen):
    assert seen["exists"] == []


@needs_bubblewrap
def test_nothing_outlives_the_judge(start):
    judge = [sys.executable, "-I", "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])", *start]
    with left_behind(judge) as (process, find):
        process.kill()
        assert gone(find)


@needs_bubblewrap
def test_nothing_outlives_the_box(start):
    with left_behind(start) as (process, find):
        process.kill()
        assert gone(find)


@needs_bubblewrap
def test_nothing_outlives_the_process_in_the_box(start):
    with left_behind(start) as (process, find):
        process.stdin.close()
        assert process.wait(60) == 3 and gone(find)


@contextlib.contextmanager
def left_behind(command):
    """A box with a process that has left its session and ignores signals, and what finds it from outside.

    The box ends with exit code 3 when its standard input does.
    """
    mark = f"mark_{os.urandom(8).hex()}"
    code = f"""
import os, signal, sys
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.execv(sys.executable, [sys.executable, "-c", "print(1, flush=True); import time; time.sleep(60)", {mark!r}])
os.read(0, 1)
os._exit(3)
"""

    def find():
        return [path for path in Path("/proc").glob("[0-9]*/cmdline") if marked(path)]

    def marked(path):
        with contextlib.suppress(OSError):
            arguments = path.read_bytes().split(b"\0")
            return mark.encode() in arguments
        return False
    with subprocess.Popen([*command, code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"1\n" and find()
            yield process, find
        finally:
            process.kill()


def gone(find):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not find():
            return True
        time.sleep(0.05)
    return False


@needs_bubblewrap
def test_what_is_readable_and_passed_on_gets_in(tmp_path):
    (tmp_path / "note").write_text("read")
    tmp_path.chmod(0o755)
    reading, writing = os.pipe()
    code = f"import os; os.write({writing}, open({str(tmp_path / 'note')!r}, 'rb').read())"
    ran = subprocess.run(Box("bubblewrap").command([sys.executable, "-I", "-c", code], [tmp_path]), pass_fds=[writing])
    os.close(writing)
    with open(reading, "rb") as pipe:
        assert ran.returncode == 0 and pipe.read() == b"read"


@needs_bubblewrap
def test_an_environment_in_the_repository_is_shown_and_the_repository_in_a_folder_of_python_is_not(
        monkeypatch, tmp_path):
    repository = tmp_path / "prefix" / "course"
    for folder in ("prefix", "prefix/course/tests", "prefix/course/.venv/lib"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "note").write_text("1")
    shown = box.installed()
    monkeypatch.setattr(box, "_REPOSITORY", repository)
    monkeypatch.setattr(box, "installed", lambda: [*shown, str(tmp_path / "prefix"), str(repository / ".venv")])
    code = "import sys; from pathlib import Path; print(sorted(map(str, Path(sys.argv[1]).rglob('note'))))"
    ran = subprocess.run(Box("bubblewrap").command([sys.executable, "-I", "-c", code, str(tmp_path)]),
                         capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert eval(ran.stdout) == [str(repository / ".venv/lib/note"), str(tmp_path / "prefix/note")]


@needs_bubblewrap
@pytest.mark.slow
def test_torch_and_matplotlib_work_in_the_box():
    code = ("import torch, matplotlib.pyplot as plt; plt.plot([1]); plt.savefig('/tmp/figure.png'); "
            "print(float(torch.linalg.svdvals(torch.eye(50)).sum()))")
    ran = subprocess.run(Box("bubblewrap").command([sys.executable, "-I", "-c", code]), capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "50.0\n"), ran.stderr


@needs_bubblewrap
@needs_root
def test_each_slot_has_a_user_of_no_account():
    users = [Box("bubblewrap", slot).user for slot in range(20)]
    assert len(set(users)) == 20 and not any(map(box._taken, users)) and min(users) > 0


@needs_root
def test_no_other_program_has_the_same_user():
    """A second grader on this machine, or a worker of a cluster."""
    code = ("import sys; sys.path.insert(0, sys.argv[1]); from exercise.asking.box import Box; "
            "print(*(Box('bubblewrap', slot).user for slot in range(3)))")
    mine = {Box("bubblewrap", slot).user for slot in range(3)}
    theirs = {*map(int, subprocess.check_output([sys.executable, "-c", code, str(ROOT)], text=True).split())}
    assert len(theirs) == 3 and mine.isdisjoint(theirs)


@needs_root
def test_ids_of_accounts_are_left_out(monkeypatch):
    monkeypatch.setattr(box, "_FIRST_USER", 0)
    user = box._claimed.__wrapped__(0)
    assert user != 0 and not box._taken(user)


@needs_root
@pytest.mark.parametrize("readable, changes", [(True, True), (False, False)])
def test_without_bubblewrap_root_becomes_another_user_if_that_one_can_read_python(monkeypatch, readable, changes):
    monkeypatch.setattr(box, "_readable_by_all", lambda _: readable)
    assert (Box("landlock").user is not None) == changes == (Box("landlock").limits().threads is not None)
    command = Box("landlock", 1).command(["/usr/bin/id", "-u"])
    assert int(subprocess.check_output(command)) == (Box("landlock", 1).user or 0)


def test_who_can_read_what(tmp_path):
    private = tmp_path / "private"
    (private / "folder").mkdir(parents=True)
    private.chmod(0o700)
    assert box._readable_by_all([Path("/usr/bin"), Path("/no/such/folder")])
    assert not box._readable_by_all([Path("/usr/bin"), private / "folder"])


def test_a_setuid_bubblewrap_is_not_kept_from_its_rights():
    assert "--no-new-privs" not in Box("bubblewrap").command(["true"])


def test_ordinary_users_start_the_command_as_it_is(monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    for level in ("landlock", "none"):
        assert Box(level).user is None and Box(level).command(["a", "b"]) == ["a", "b"]
        assert Box(level).limits().threads is None and not Box(level).is_apart
    assert Box("bubblewrap").limits().threads and Box("bubblewrap").is_apart


@pytest.mark.parametrize("level, jobs", [("bubblewrap", 4), ("landlock", 1), ("none", 1)])
def test_one_at_a_time_is_tried_where_boxes_would_meet(monkeypatch, level, jobs):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert Forks(types.SimpleNamespace(items=[]), 1.0, Box(level), jobs=4).jobs == jobs


@pytest.fixture
def anew():
    """Levels are tried anew."""
    refusal.cache_clear()
    yield
    refusal.cache_clear()


def test_a_machine_without_bubblewrap_says_so_and_has_the_next_level(anew, monkeypatch):
    here = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "bwrap" else here(name))
    assert refusal("bubblewrap") == "there is no program bwrap" and best_level() != "bubblewrap"


def test_the_last_words_of_a_box_that_does_not_start_are_the_reason(anew, monkeypatch):
    monkeypatch.setattr(box, "_apart", lambda: ["--no-such-option"])
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    assert "bwrap" in refusal("bubblewrap") and "\n" not in refusal("bubblewrap")


def test_where_a_barrier_is_missing_landlock_is_no_level(anew, monkeypatch):
    monkeypatch.setattr(box, "_BARRIERS_THAT_HOLD", "def confine(*_): return []\n" + "\n".join(
        line for line in box._BARRIERS_THAT_HOLD.replace("import BARRIERS, confine", "import BARRIERS").splitlines()))
    assert refusal("landlock").startswith("no barrier around files, no barrier around signals")
    monkeypatch.setattr(box, "_apart", lambda: ["--no-such-option"])
    assert best_level() == "none"


def test_elsewhere_there_is_no_level(anew, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert best_level() == "none" and all(refusal(level) for level in LEVELS if level != "none")
