"""The sandbox's own parts: bubblewrap's line, the filter, what is hidden, and what it says where it cannot work."""

from __future__ import annotations

import os
import re
import struct
import sys
from pathlib import Path

import pytest
from ordinary_user import USER, python_as_ordinary_user

from autograder.ground.runs import CannotRun, Cell, Trial
from autograder.run.declared import Declared
from autograder.run.launch import run
from autograder.run.limits import Limits
from autograder.run.sandbox import bubblewrap, fonts, launcher, process, seccomp
from autograder.run.sandbox.launcher import Sandbox

ALLOWED, KILLED, EPERM, ENOSYS = seccomp.ALLOW, seccomp.KILL, seccomp.FAIL | 1, seccomp.FAIL | 38


def filtered(number: int, *arguments: int, processor: int = seccomp.X86_64) -> int:
    """What the filter says of one system call, by the rules of the kernel's documentation."""
    data = struct.pack("=IIQ6Q", number, processor, 0, *arguments, *[0] * (6 - len(arguments)))
    steps = list(struct.iter_unpack("=HBBI", seccomp.program()))
    at = held = 0
    while True:
        code, if_true, if_false, operand = steps[at]
        at += 1
        match code:
            case 0x20:
                (held,) = struct.unpack_from("=I", data, operand)
            case 0x15:
                at += if_true if held == operand else if_false
            case 0x35:
                at += if_true if held >= operand else if_false
            case 0x45:
                at += if_true if held & operand else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(code)


def test_what_the_filter_refuses():
    read, execve, setresuid = 0, 59, 117
    assert [filtered(n) for n in (read, execve, setresuid)] == [ALLOWED] * 3
    assert {filtered(n) for n in seccomp.REFUSED.values()} == {EPERM}
    assert filtered(435) == ENOSYS
    assert filtered(read, processor=0x40000003) == KILLED  # i386
    assert filtered(0x40000000 | read) == KILLED  # x32
    assert filtered(41, 1, 1) == filtered(53, 1, 1) == ALLOWED  # AF_UNIX
    assert {filtered(41, family) for family in (0, 2, 10, 16, 17, 40)} == {EPERM}
    assert filtered(56, 0x11) == filtered(56, 0x3D0F00) == ALLOWED  # fork, and a thread
    assert {filtered(56, bit | 17) for bit in (0x20000, 0x10000000, 0x20000000, 0x40000000, 0x2000000)} == {EPERM}


def test_the_numbers_are_the_kernels():
    headers = [
        p
        for p in map(Path, ("/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"))
        if p.exists()
    ]
    if not headers:
        pytest.skip("the kernel's headers are not installed")
    numbers = dict(re.findall(r"#define __NR_(\w+) (\d+)", headers[0].read_text()))
    for name, number in seccomp.REFUSED.items():
        assert int(numbers.get(name, number)) == number, name


def test_root_and_an_ordinary_user_are_confined_differently():
    root, user = bubblewrap.confinement(True), bubblewrap.confinement(False)
    assert "--unshare-user" not in root
    assert {"--unshare-user", "--unshare-all", "--disable-userns"} <= set(user)
    assert "--cap-add" not in user
    for line in (root, user):
        assert {"--die-with-parent", "--new-session", "--clearenv"} <= set(line)
        assert line[line.index("--cap-drop") + 1] == "ALL"


def test_the_limits_reach_the_worker():
    assert Limits(memory=10, processes=3, files=4, file=5, cpu=6).of_a_process() == {
        "AS": 10, "NPROC": 3, "NOFILE": 4, "FSIZE": 5, "CPU": 6, "CORE": 0,
    }  # fmt: skip


CLOSED = """Name:\tpython
Uid:\t{uid}\t{uid}\t{uid}\t{uid}
Groups:\t{groups}
CapPrm:\t0000000000000000
CapInh:\t0000000000000000
CapEff:\t{capabilities}
CapAmb:\t0000000000000000
NoNewPrivs:\t1
Seccomp:\t{seccomp}
"""


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({}, ""),
        ({"uid": 0}, "as root"),
        ({"capabilities": "00000000000000c0"}, "capabilities"),
        pytest.param(
            {"seccomp": 0}, "filter", marks=pytest.mark.skipif(not seccomp.available(), reason="no filter here")
        ),
    ],
)
def test_a_sandbox_that_is_not_closed_is_seen_from_outside(fault, words):
    status = CLOSED.format(**{"uid": 1234567, "groups": "", "capabilities": "0" * 16, "seccomp": 2} | fault)
    assert words in process._unconfined(status)
    assert bool(process._unconfined(status)) == bool(words)


@pytest.mark.grading
def test_a_worker_that_stays_root_is_refused(monkeypatch):
    """Run nothing if the drop of privileges fails, here because the worker is told not to drop any."""
    if os.geteuid() != 0:
        pytest.skip("only root has privileges to drop")
    process = Sandbox((), warm=False).start()
    process.settings = {**(process.settings or {}), "allow_root": True}
    monkeypatch.setattr(Sandbox, "start", lambda self: process)
    with pytest.raises(CannotRun, match=r"its worker runs as root\. No student code was run"):
        run([Cell("a", "raise SystemExit")], [], Sandbox(()))


def test_root_in_a_container_is_told_what_it_lacks():
    process._check_capabilities("CapEff:\t000001fffeffffff\n")
    with pytest.raises(CannotRun, match=r"without the capabilities NET_ADMIN, SYS_PTRACE, SYS_ADMIN, as in"):
        process._check_capabilities("CapEff:\t00000000a80425fb\n")  # docker's, for root
    with pytest.raises(CannotRun, match=r"without the capabilities SYS_PTRACE, as in a container: start it as an ord"):
        process._check_capabilities(f"CapEff:\t{0xA80425FB | 1 << 12 | 1 << 21:016x}\n")


def test_packages_that_only_their_owner_can_read(tmp_path):
    (tmp_path / "private").mkdir(mode=0o700)
    with pytest.raises(CannotRun, match=r"who may not read .*private: .*chmod -R a\+rX"):
        process._check_readable(Declared((), {"private": tmp_path / "private"}))


def test_no_bubblewrap(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not Sandbox.available()
    assert re.fullmatch(
        r"The program bwrap, .* is missing: install the package bubblewrap \(.*\)\.", Sandbox.obstacle()
    )
    with pytest.raises(CannotRun, match="install the package bubblewrap"):
        run([], [], Sandbox(()))


def test_no_namespaces(monkeypatch, tmp_path):
    program = tmp_path / "bwrap"
    program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    obstacle = Sandbox.obstacle()
    assert "allows user namespaces" in obstacle
    assert obstacle.endswith("bwrap: No permissions to create new namespace")


def test_another_system(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(bubblewrap.platform, "system", lambda: "Darwin")
    assert "only be confined on Linux, and this is Darwin: use a Linux machine, a virtual machine" in Sandbox.obstacle()


@pytest.mark.grading
def test_this_machine_can():
    assert Sandbox.obstacle() == ""
    assert all(Sandbox.layers().values()) or not seccomp.available()


@pytest.mark.grading
def test_what_is_hidden_is_not_seen(monkeypatch, tmp_path):
    course = tmp_path / "course"
    (course / "submissions").mkdir(parents=True)
    (course / "gradebook.db").write_text("marks")
    (course / "library.py").write_text("x = 1")
    tmp_path.chmod(0o755)
    shown = bubblewrap._shown()
    monkeypatch.setattr(bubblewrap, "_shown", lambda: [*shown, course])
    source = f"import os\nseen = {{entry.name: entry.stat().st_size for entry in os.scandir({str(course)!r})}}"
    probe = "def probe(student): return {name: size for name, size in student.seen.items() if size}"

    def seen(*hidden: Path) -> dict[str, int]:
        return run([Cell("a", source)], [Trial("t", 0, probe, {})], Sandbox((), hidden)).outcomes["t", 0].value

    assert {"gradebook.db", "library.py"} <= set(seen())
    assert "gradebook.db" not in seen(course / "gradebook.db", Path("/nowhere"))
    assert seen(course / "submissions", course, course / "library.py") == {}  # one below the other
    assert seen(course) == {}


@pytest.mark.grading
def test_the_list_of_fonts_is_made_once(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(fonts, "_known", {})
    made = fonts.font_lists(launcher._WithoutFonts())
    assert any("DejaVu Sans" in text for text in made.values())
    assert not any("/usr/share" in text for text in made.values())
    assert [path.suffix for path in (tmp_path / "autograder").iterdir()] == [".json"]
    monkeypatch.setattr(fonts, "_known", {})
    assert fonts.font_lists(None) == made  # no sandbox is started again


@pytest.mark.grading
def test_an_ordinary_user_can_grade_too(tmp_path):
    code = """
from autograder.ground.runs import Cell, Trial
from autograder.run.launch import run
from autograder.run.sandbox.launcher import Sandbox
cell = Cell("a", "import os\\nuser = os.getuid()\\nseen = os.path.exists('/proc')")
probe = "def probe(student): return student.user, student.seen, float(np.sqrt(4))"
print(os.getuid(), run([cell], [Trial("t", 0, probe, {})], Sandbox(("numpy",))).outcomes["t", 0].value)
"""
    user = USER if os.geteuid() == 0 else os.geteuid()
    said = python_as_ordinary_user(["-c", "import os" + code], tmp_path)
    assert said.strip() == f"{user} ({user}, False, 2.0)"
