"""The sandbox: what a worker finds around it is an interpreter, the declared imports, and empty folders in memory.

Each layer is trusted for one thing, and the trusted side looks from outside, before any student code runs, whether they
hold: namespaces and a bare file system, a filter on system calls, an unprivileged user, limits, and a bound on all
processes together.

In reading order: `launcher` (`Sandbox`, and which layers this machine has), `process` (one sandbox: started, looked at,
watched, killed), `bubblewrap` (its command line), `seccomp` (the filter), `cgroup` and `cgroup_trees` (the kernel's
bound on memory and processes), `warm` and `template` (workers forked from an interpreter that has NumPy already),
`fonts`.
"""
