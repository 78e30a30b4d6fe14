"""Refusing system calls to a process, by a filter of Linux's seccomp.

What is refused reaches beyond the process or deep into the kernel: sockets but for pairs of connected ones, tracing,
memory that outlives a process or that no limit counts, the priority, limits and processors of other processes,
namespaces, mounts; and modes, owners, times and attributes of files, which Landlock leaves open, and in which one
worker could leave word for the next. What a gap needs stays: threads, forks, files, programs, pipes, batches that are
loaded in the same process (worker processes of a torch DataLoader send tensors through sockets that have a path). A
refused call fails with EPERM; clone3 and io_uring with ENOSYS, as if they did not exist, so that libraries turn to
older calls.

Source: Drewry, Seccomp BPF, https://docs.kernel.org/userspace-api/seccomp_filter.html
"""

import contextlib
import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterator

__all__ = ["available", "call", "give_up_rights", "no_new_privileges", "restrict"]

_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column of the tables, and how the kernel names it
_REFUSED = {  # numbers of the system calls on x86_64 and aarch64
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190), "semop": (65, 193),
    "semtimedop": (220, 192), "semctl": (66, 191), "msgget": (68, 186), "msgsnd": (69, 189), "msgrcv": (70, 188),
    "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setattr": (314, 274), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "mount_setattr": (442, 442), "move_mount": (429, 429), "open_tree": (428, 428),
    "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "sethostname": (170, 161),
    "setdomainname": (171, 162), "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "acct": (163, 89), "quotactl": (179, 60),
    "quotactl_fd": (443, 443), "iopl": (172, None), "ioperm": (173, None), "modify_ldt": (154, None),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "personality": (135, 92), "syslog": (103, 116),
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "removexattrat": (466, 466), "file_setattr": (469, 469),
    "open_by_handle_at": (304, 265), "fanotify_init": (300, 262), "vhangup": (153, 58),
}
_UNKNOWN = {"clone3": (435, 435), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
            "io_uring_register": (427, 427)}
_SIGNALS = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
            "rt_tgsigqueueinfo": (297, 240)}
_ONLY_ITSELF = {"prlimit64": (302, 261), "sched_setaffinity": (203, 122)}  # a first argument of 0 is the caller
_CLONE, _SOCKETPAIR, _FCNTL, _IOCTL, _PRCTL = (56, 220), (53, 199), (72, 25), (16, 29), (157, 167)
_MMAP, _MAP_SHARED, _MAP_ANONYMOUS = (9, 222), 0x01, 0x20  # both: pages that stay in memory though nobody maps them
_NAMESPACES = 0x7E020000 | 0x8000  # the flags of clone for new namespaces, and for a child that is a sibling
_OWNER_OF_SIGNALS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: files can send signals to anybody
_ON_TERMINALS = (0x5412, 0x541C, 0x8901, 0x8902)  # TIOCSTI, TIOCLINUX; FIOSETOWN and SIOCSPGRP, as above
_SET_DUMPABLE, _AF_UNIX, _SOCK_STREAM, _X32 = 4, 1, 1, 0x40000000  # not dumpable: its memory could not be counted
_CAPSET, _CAPABILITIES, _READ_ANY_FILE = (126, 91), 0x20080522, 1 << 2
_NUMBER, _MACHINE, _ARGUMENTS = 0, 4, 16  # where these lie in what the filter is shown
_LOAD, _AND, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x54, 0x15, 0x45, 0x35, 0x06
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_SECCOMP, _ASK_ACTION, _NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = (317, 277), 2, 38, 22, 2


def available() -> bool:
    """Whether this system can refuse system calls to a process."""
    machine = _machine()
    try:
        return machine is not None and call(_SECCOMP[machine[0]], _ASK_ACTION, 0, struct.pack("=I", _ERRNO)) == 0
    except OSError:
        return False


def restrict(signals: bool = False) -> bool:
    """Refuse the calls to the calling thread, and all that it will start, for good.

    Args:
        signals: refuse signals to all processes but the calling one too, even to those that it starts.
    Returns: whether they are refused now; False, and nothing has changed, where the kernel has no such filter, or does
        not let one be set.
    """
    machine = _machine()
    if machine is None:
        return False
    code = b"".join(_program(*machine, signals))
    kept = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(kept))
    try:
        no_new_privileges()
        call(_PRCTL[machine[0]], _SET_SECCOMP, _FILTER, program)
    except OSError:
        return False
    return _refused(_REFUSED["personality"][machine[0]], 0xFFFFFFFF)  # would only ask


def no_new_privileges() -> None:
    """From now on no program gives the calling thread more rights, as sudo would.

    Raises: OSError if the kernel refuses.
    """
    _checked(_library().prctl(_NO_NEW_PRIVILEGES, *map(ctypes.c_ulong, (1, 0, 0, 0))))


def give_up_rights() -> None:
    """Give up what root may do beyond other users, for good once there are no new privileges; but for reading files."""
    machine = _machine()
    for kept in (_READ_ANY_FILE, 0) if machine else ():  # the installed Python may be another user's
        with contextlib.suppress(OSError):
            call(_CAPSET[machine[0]], struct.pack("=Ii", _CAPABILITIES, 0), struct.pack("=6I", kept, kept, 0, 0, 0, 0))
            return


def call(*arguments: int | bytes | None) -> int:
    """What the kernel answers to a system call of this number, with these arguments.

    Raises: OSError if the kernel refuses.
    """
    library = _library()
    library.syscall.restype = ctypes.c_long
    numbers = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    return _checked(library.syscall(*numbers))


def _machine() -> tuple[int, int] | None:
    known = sys.platform == "linux" and sys.maxsize > 2 ** 32
    return _MACHINES.get(platform.machine()) if known else None


def _refused(*arguments: int) -> bool:
    try:
        call(*arguments)
    except OSError as error:
        return error.errno == errno.EPERM
    return False


def _program(column: int, machine: int, signals: bool) -> Iterator[bytes]:
    """The filter, one instruction after the other, which tests one call after the other."""
    refuse = _answer(errno.EPERM)
    yield from (_load(_MACHINE), _if(_EQUAL, machine, 1, 0), refuse, _load(_NUMBER))
    yield from (_if(_AT_LEAST, _X32, 0, 1), refuse)
    for numbers, answer in [(_REFUSED, refuse), (_UNKNOWN, _answer(errno.ENOSYS))]:
        for number in (numbers[name][column] for name in numbers):
            if number is not None:
                yield from (_if(_EQUAL, number, 0, 1), answer)
    for of, rules in _rules(column, signals):
        body = b"".join(rules) + _return(_ALLOW)
        yield _if(_EQUAL, of, 0, len(body) // 8) + body
    yield _return(_ALLOW)


def _rules(column: int, signals: bool) -> Iterator[tuple[int, list[bytes]]]:
    """(number of a system call, what tests its arguments) of those that are refused in part."""
    refuse = _answer(errno.EPERM)
    for number in (numbers[column] for numbers in _ONLY_ITSELF.values()):
        yield number, [_argument(0), _if(_EQUAL, 0, 1, 0), refuse]
    if signals:
        for number in (numbers[column] for numbers in _SIGNALS.values()):
            yield number, [_argument(0), _if(_EQUAL, os.getpid(), 1, 0), refuse]
    yield _CLONE[column], [_argument(0), _if(_ANY_BIT, _NAMESPACES, 0, 1), refuse]
    yield _MMAP[column], [_argument(3), _if(_ANY_BIT, _MAP_ANONYMOUS, 0, 2), _if(_ANY_BIT, _MAP_SHARED, 0, 1), refuse]
    yield _SOCKETPAIR[column], [_argument(0), _if(_EQUAL, _AF_UNIX, 1, 0), refuse, _argument(1), _word(_AND, 0xF),
                                _if(_EQUAL, _SOCK_STREAM, 1, 0), refuse]
    for numbers, place, values in [(_FCNTL, 1, _OWNER_OF_SIGNALS), (_IOCTL, 1, _ON_TERMINALS),
                                   (_PRCTL, 0, (_SET_DUMPABLE,))]:
        tests = (part for value in values for part in (_if(_EQUAL, value, 0, 1), refuse))
        yield numbers[column], [_argument(place), *tests]


def _argument(place: int) -> bytes:
    """Load the lower half of an argument, which is all that the kernel looks at in these calls."""
    return _load(_ARGUMENTS + 8 * place)


def _load(offset: int) -> bytes:
    return _word(_LOAD, offset)


def _if(operation: int, value: int, then: int, otherwise: int) -> bytes:
    """Leave out as many instructions as `then` says if the comparison holds, as `otherwise` says if not."""
    return struct.pack("=HBBI", operation, then, otherwise, value)


def _answer(number: int) -> bytes:
    return _return(_ERRNO | number)


def _return(action: int) -> bytes:
    return _word(_RETURN, action)


def _word(operation: int, value: int) -> bytes:
    return struct.pack("=HBBI", operation, 0, 0, value)


def _library() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(answer: int) -> int:
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return answer
