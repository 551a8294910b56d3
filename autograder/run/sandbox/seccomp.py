"""The system calls that student code may not make, as a filter for the kernel.

Namespaces hide the machine; this filter takes away the calls with which code digs at the kernel itself: new
namespaces and mounts, tracing, kernel keys, asynchronous rings, memory that no limit counts, and every network socket.
The filter is a program of classic BPF, the small machine that the kernel runs at each system call [1]_. It is written
here for x86_64; on other processors the sandbox does without this layer and says so.

References
----------
.. [1] Linux kernel documentation, "Seccomp BPF (SECure COMPuting with filters)".
"""

from __future__ import annotations

import functools
import platform
import struct

# Where the kernel puts the call's number, the processor and the arguments: `struct seccomp_data`.
NUMBER, PROCESSOR, FIRST_ARGUMENT = 0, 4, 16

X86_64 = 0xC000003E
X32_BIT = 0x40000000  # the x32 variant of the calls, with numbers of its own, would pass by the list

LOAD, JUMP_IF_EQUAL, JUMP_IF_AT_LEAST, JUMP_IF_ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38

AF_UNIX = 1
NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET

SOCKET, SOCKETPAIR, CLONE, CLONE3 = 41, 53, 56, 435
# From here on: calls that no library needs yet, of which some tell of mounts, others are not invented.
FIRST_UNKNOWN = 450

REFUSED = {
    # looking into and steering other processes
    "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312, "pidfd_getfd": 438,
    "process_madvise": 440,
    # mounts, roots and namespaces
    "pivot_root": 155, "chroot": 161, "mount": 165, "umount2": 166, "unshare": 272, "setns": 308, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433, "mount_setattr": 442,
    "name_to_handle_at": 303, "open_by_handle_at": 304, "fanotify_init": 300, "quotactl": 179, "quotactl_fd": 443,
    # the kernel's own affairs
    "create_module": 174, "init_module": 175, "delete_module": 176, "finit_module": 313, "kexec_load": 246,
    "kexec_file_load": 320, "reboot": 169, "swapon": 167, "swapoff": 168, "acct": 163, "syslog": 103, "iopl": 172,
    "ioperm": 173, "settimeofday": 164, "clock_settime": 227, "adjtimex": 159, "clock_adjtime": 305,
    "sethostname": 170, "setdomainname": 171, "vhangup": 153, "lookup_dcookie": 212, "nfsservctl": 180,
    "modify_ldt": 154, "personality": 135,
    # large parts of the kernel in which faults are found again and again
    "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "add_key": 248, "request_key": 249, "keyctl": 250,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "io_setup": 206,
    # memory that belongs to no process and that therefore no limit counts
    "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "semget": 64, "msgget": 68,
}  # fmt: skip


def available() -> bool:
    """Say whether this processor is the one for which the filter is written."""
    return platform.machine() in ("x86_64", "AMD64")


@functools.cache
def program() -> bytes:
    """Return the filter in the form that ``bwrap --seccomp`` reads: instructions of 8 bytes each."""
    steps = [
        _step(LOAD, PROCESSOR),
        _step(JUMP_IF_EQUAL, X86_64, 1, 0),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER),
        _step(JUMP_IF_AT_LEAST, X32_BIT, 0, 1),
        _step(RETURN, KILL),
        # glibc tries clone3 first, whose arguments a filter cannot see, and falls back on clone at this error.
        _step(JUMP_IF_EQUAL, CLONE3, 0, 1),
        _step(RETURN, FAIL | ENOSYS),
        _step(JUMP_IF_AT_LEAST, FIRST_UNKNOWN, 0, 1),
        _step(RETURN, FAIL | ENOSYS),
    ]
    for number in REFUSED.values():
        steps += [_step(JUMP_IF_EQUAL, number, 0, 1), _step(RETURN, FAIL | EPERM)]
    for number in (SOCKET, SOCKETPAIR):
        steps += [
            _step(JUMP_IF_EQUAL, number, 0, 4),
            _step(LOAD, FIRST_ARGUMENT),
            _step(JUMP_IF_EQUAL, AF_UNIX, 1, 0),
            _step(RETURN, FAIL | EPERM),
            _step(RETURN, ALLOW),
        ]
    steps += [
        _step(JUMP_IF_EQUAL, CLONE, 0, 3),
        _step(LOAD, FIRST_ARGUMENT),
        _step(JUMP_IF_ANY_BIT, NEW_NAMESPACES, 0, 1),
        _step(RETURN, FAIL | EPERM),
        _step(RETURN, ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, operand)
