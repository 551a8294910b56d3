"""The grader, ended by SIGKILL as soon as it has kept so many results: `python killed_grader.py 5 grade ps1 ...`."""

import os
import signal
import sys

from autograder.cli import main
from autograder.mark.cache import Cache

put, kept = Cache.put, []


def put_and_count(cache, submission, result):
    put(cache, submission, result)
    kept.append(result)
    if len(kept) >= enough:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    enough = int(sys.argv.pop(1))
    Cache.put = put_and_count
    main()
