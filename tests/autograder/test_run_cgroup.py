"""Control groups: where they are looked for, what is written into them, and that nothing of them is left behind.

Version 1 is tried on the machine's own, where it has it. Version 2 is tried on folders and files that look like it:
what we read and write is tested so, and not what a kernel does about it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autograder.run.sandbox import cgroup
from autograder.run.sandbox.cgroup_trees import NoGroups, Tree, trees


def mount(number: int, root: str, place: str, kind: str, options: str) -> str:
    return f"{number} 25 0:{number} {root} {place} rw,nosuid shared:9 - {kind} {kind} rw,{options}\n"


def test_each_controller_of_version_1_has_a_tree_of_its_own():
    mounts = "24 1 8:1 / / rw - ext4 /dev/sda rw\n"
    mounts += mount(30, "/", "/sys/fs/cgroup/cpu", "cgroup", "cpu,cpuacct")
    mounts += mount(31, "/", "/sys/fs/cgroup/memory", "cgroup", "memory")
    mounts += mount(32, "/docker/12", "/sys/fs/cgroup/pids\\040here", "cgroup", "pids")
    found = trees(mounts, "9:name=systemd:/\n8:pids:/docker/12/a\n4:memory:/users/ada:2\n3:cpu,cpuacct:/\n0::/\n")
    assert found == [
        Tree(1, Path("/sys/fs/cgroup/cpu"), Path("/sys/fs/cgroup/cpu"), ("cpuacct", "cpu")),
        Tree(1, Path("/sys/fs/cgroup/memory"), Path("/sys/fs/cgroup/memory/users/ada:2"), ("memory",)),
        Tree(1, Path("/sys/fs/cgroup/pids here"), Path("/sys/fs/cgroup/pids here/a"), ("pids",)),
    ]


def test_version_2_has_one_for_all(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("cpuset cpu io memory hugetlb pids\n")
    (found,) = trees(mount(30, "/", str(tmp_path), "cgroup2", "nsdelegate"), "0::/user.slice/x.scope\n")
    assert found == Tree(2, tmp_path, tmp_path / "user.slice/x.scope", ("memory", "pids", "cpu"))


def test_where_both_are_mounted_each_controller_counts_where_it_is(tmp_path):
    (tmp_path / "cgroup.controllers").write_text("hugetlb pids\n")
    mounts = mount(30, "/", str(tmp_path), "cgroup2", "x") + mount(31, "/", "/old/memory", "cgroup", "memory")
    found = trees(mounts, "4:memory:/m\n0::/u\n")
    assert [(tree.version, tree.controllers) for tree in found] == [(2, ("pids",)), (1, ("memory",))]


@pytest.mark.parametrize(
    ("mounts", "memberships"),
    [
        ("", "0::/\n"),
        (mount(30, "/", "/sys/fs/cgroup/pids", "cgroup", "pids"), "8:pids:/\n"),
        (mount(30, "/", "/nowhere", "cgroup2", "x"), "0::/\n"),
        # our own group lies outside of what is mounted
        (mount(30, "/docker/12", "/sys/fs/cgroup/memory", "cgroup", "memory"), "4:memory:/users/ada\n"),
        (mount(30, "/", "/sys/fs/cgroup/memory", "cgroup", "memory"), "4:memory:/../../outside\n"),
    ],
)
def test_no_tree_that_bounds_memory(mounts, memberships):
    with pytest.raises(NoGroups, match="none that bounds memory is mounted"):
        trees(mounts, memberships)


# ------------------------------------------------------------------------------------- version 2, on folders and files


class Folders:
    """Folders that look like a tree of version 2: who makes one finds the kernel's files in it."""

    def __init__(self, top: Path, monkeypatch: pytest.MonkeyPatch):
        self.top = top
        self.asked: dict[str, str] = {}  # what was last written, by path
        self.full: set[Path] = set()  # groups with processes that have nothing to do with us
        mkdir, rmdir, write = Path.mkdir, Path.rmdir, Path.write_text

        def make(path: Path, *args: object, **kwargs: object) -> None:
            mkdir(path, *args, **kwargs)
            if path.is_relative_to(top):
                self.fill(path)

        def remove(path: Path) -> None:
            if path.is_relative_to(top) and path.is_dir():
                if any(child.is_dir() for child in path.iterdir()):
                    raise OSError(39, "Directory not empty", str(path))
                for file in path.iterdir():
                    file.unlink()
            rmdir(path)

        def told(path: Path, text: str, *args: object, **kwargs: object) -> int:
            self.asked[str(path.relative_to(top)) if path.is_relative_to(top) else ""] = text
            inner = path.name == "cgroup.subtree_control"
            if inner and path.parent != top and (path.parent / "cgroup.procs").read_text().split():
                raise OSError(16, "Device or resource busy", str(path))
            if path.name == "cgroup.procs":
                for other in top.rglob("cgroup.procs"):
                    write(other, " ".join(pid for pid in other.read_text().split() if pid != text))
                text = f"{path.read_text()} {text}"
            return write(path, text.replace("+", "") if inner else text, *args, **kwargs)

        monkeypatch.setattr(Path, "mkdir", make)
        monkeypatch.setattr(Path, "rmdir", remove)
        monkeypatch.setattr(Path, "write_text", told)
        self.fill(top)

    def fill(self, folder: Path) -> None:
        files = {"cgroup.controllers": "memory pids", "cgroup.subtree_control": "", "cgroup.procs": ""}
        files |= {"memory.max": "max", "memory.swap.max": "max", "memory.oom.group": "0", "pids.max": "max"}
        files |= {"memory.events": "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n"}
        for name, text in files.items():
            with (folder / name).open("w") as file:
                file.write(text)

    def tree(self, own: str) -> Tree:
        return Tree(2, self.top, self.top / own, ("memory", "pids"))

    def put(self, folder: Path, name: str, text: str) -> None:
        with (folder / name).open("w") as file:
            file.write(text)


@pytest.fixture
def version_2(tmp_path, monkeypatch) -> Folders:
    folders = Folders(tmp_path, monkeypatch)
    for part in ("user.slice", "user.slice/app.slice", "user.slice/app.slice/ours.scope"):
        (tmp_path / part).mkdir()
    return folders


OURS = "user.slice/app.slice/ours.scope"


def test_version_2_below_our_own_group_where_nobody_else_is_in_it(version_2):
    own = version_2.top / OURS
    version_2.put(own, "cgroup.procs", f"{os.getpid()}\n")
    groups = cgroup.Groups([version_2.tree(OURS)])
    (top,) = groups._tops
    assert top.parent == own
    assert (own / "cgroup.subtree_control").read_text() == "memory pids"
    assert (own / "cgroup.procs").read_text() == ""
    assert str(os.getpid()) in (top / "grader" / "cgroup.procs").read_text().split()
    group = groups.make(1000, 7)
    (folder,) = group.folders
    said = {name: (folder / name).read_text() for name in ("memory.max", "memory.swap.max", "memory.oom.group")}
    assert said == {"memory.max": "1000", "memory.swap.max": "0", "memory.oom.group": "1"}
    assert (folder / "pids.max").read_text() == "7"
    group.admit(4711)
    assert (folder / "cgroup.procs").read_text().split() == ["4711"]
    group.remove()
    assert not folder.exists()
    groups.close()
    assert not top.exists()


def test_version_2_beside_our_own_group_where_others_are_in_it(version_2):
    version_2.put(version_2.top / OURS, "cgroup.procs", f"{os.getpid()}\n17\n")
    version_2.put(version_2.top / "user.slice/app.slice", "cgroup.subtree_control", "cpu memory pids\n")
    groups = cgroup.Groups([version_2.tree(OURS)])
    assert groups._tops[0].parent == version_2.top / "user.slice/app.slice"
    assert (version_2.top / OURS / "cgroup.procs").read_text().split() == [str(os.getpid()), "17"]
    groups.close()


def test_version_2_refuses_where_no_group_above_bounds_memory(version_2):
    version_2.put(version_2.top / OURS, "cgroup.procs", f"{os.getpid()}\n17\n")
    with pytest.raises(NoGroups, match=r"ours\.scope/cgroup\.subtree_control: Device or resource busy"):
        cgroup.Groups([version_2.tree(OURS)])
    assert not list(version_2.top.rglob("autograder-*"))


@pytest.mark.parametrize(
    ("events", "exceeded"),
    [
        ("max 0\noom 0\noom_kill 0\n", False),
        ("max 90\noom 0\noom_kill 0\n", False),  # it had to give back what it could do without
        ("max 90\noom 1\noom_kill 3\noom_group_kill 1\n", True),
        ("max 0\noom 0\noom_kill 1\n", False),  # the whole machine had no memory left
    ],
)
def test_version_2_says_that_the_limit_was_reached(version_2, events, exceeded):
    version_2.put(version_2.top, "cgroup.subtree_control", "memory pids\n")
    group = cgroup.Groups([version_2.tree("")]).make(1000, 7)
    assert not group.exceeded()
    version_2.put(group.folders[0], "memory.events", events)
    assert group.exceeded() is exceeded
    group.remove()
    assert not group.exceeded()


# ---------------------------------------------------------------------------------------------- on this machine


@pytest.fixture
def groups() -> cgroup.Groups:
    found = cgroup.groups()
    if not isinstance(found, cgroup.Groups):
        pytest.skip(str(found))
    return found


GRADER = """
import subprocess, sys
from autograder.run.sandbox import cgroup
group = cgroup.groups().make(2**26, 8)
process = subprocess.Popen(["sleep", "60"], stdout=subprocess.DEVNULL)
group.admit(process.pid)
print(process.pid, *group.folders, sep="\\n", flush=True)
sys.stdin.read()
"""


def test_what_a_killed_grader_leaves_is_removed_and_what_a_living_one_has_is_not(groups, root):
    line = [sys.executable, "-c", GRADER]
    graders = [subprocess.Popen(line, stdin=-1, stdout=-1, text=True, cwd=root) for _ in range(2)]
    left, kept = ([grader.stdout.readline().strip() for _ in range(1 + len(groups._tops))] for grader in graders)
    another = "from autograder.run.sandbox import cgroup; print(type(cgroup.groups()).__name__)"
    try:
        graders[0].send_signal(signal.SIGSTOP)  # it is alive, though it does nothing
        for ended in (False, True):
            if ended:
                graders[0].kill()
                graders[0].wait()
            done = subprocess.run([sys.executable, "-c", another], capture_output=True, text=True, cwd=root)
            assert done.stdout.strip() == "Groups", done.stderr
            assert [Path(folder).exists() for folder in left[1:]] == [not ended] * len(groups._tops)
            assert [Path(folder).parent.exists() for folder in left[1:]] == [not ended] * len(groups._tops)
            assert runs(left[0]) is not ended
            assert runs(kept[0])
            assert all(Path(folder).exists() for folder in kept[1:])
    finally:
        for grader in graders:
            grader.kill()
            grader.communicate()
    assert "Groups" in subprocess.run([sys.executable, "-c", another], capture_output=True, text=True, cwd=root).stdout
    assert not any(Path(folder).parent.exists() for folder in kept[1:])


def runs(pid: str) -> bool:
    """Whether there is such a process, and it has not ended."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def test_a_group_with_a_process_in_it_goes_when_the_process_has(groups):
    group = groups.make(2**26, 8)
    process = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    group.admit(process.pid)
    group.remove()
    assert all(folder.exists() for folder in group.folders)
    process.kill()
    process.communicate()
    until = time.monotonic() + 20
    while any(folder.exists() for folder in group.folders) and time.monotonic() < until:
        groups.remove()
    assert not any(folder.exists() for folder in group.folders)


def test_a_process_that_has_ended_is_not_taken_for_one_in_the_group(groups):
    process = subprocess.Popen(["true"])
    process.wait()
    group = groups.make(2**26, 8)
    with pytest.raises(OSError, match=r"No such process|did not enter"):
        group.admit(process.pid)
    group.remove()


def test_a_fork_of_the_grader_takes_nothing_away(groups):
    if not (child := os.fork()):
        groups.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert all(top.exists() for top in groups._tops)
