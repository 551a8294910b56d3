"""Text becomes a tree in any thread, in the grader and in the library."""

import sys
import threading

import pytest

from autograder.ground import syntax
from course_lib.autodiff.rules import expressions

TEXT = "class Node:\n" + "\n".join(
    f"    def f{n}(self, a, b):\n        return (a * b + {n}) * (a - b)[1:2] if a else {{'x': [a, (a, b)]}}"
    for n in range(40)
)


class Garbage:
    """What makes other threads run while a tree is built: it is collected in the middle, and runs Python."""

    def __init__(self):
        self.itself = self

    def __del__(self):
        sum(range(20))


@pytest.mark.parametrize("parsed", [syntax.parsed, expressions.parsed])
def test_four_threads_parse_at_once(parsed):
    failed = []

    def work():
        for _ in range(40):
            Garbage()
            try:
                assert len(parsed(TEXT).body[0].body) == 40
            except BaseException as error:
                failed.append(error)

    pause = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(pause)
    assert not failed
