"""Runs commands of nbgrader, each in a child of its own, which becomes another user where root runs it.

    python nbgrader_as_users.py COMMANDS.json

reads a list of [user, folder, words]; user "" stays who it is. nbgrader is imported once, and before a child gives its
rights away: an ordinary user need not be able to read this interpreter.
"""

import json
import os
import pwd
import sys
import traceback
from pathlib import Path

import dateutil.tz
import nbgrader.apps
import nbgrader.converters
import nbgrader.exchange
import nbgrader.exchange.default
import nbgrader.plugins  # noqa: F401
from jupyter_core.application import NoStart
from nbgrader.apps.nbgraderapp import NbGraderApp

dateutil.tz.gettz("UTC")


def run(user: str, folder: str, words: list[str]) -> int:
    """Run one command, and return its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        if user and os.geteuid() == 0:
            found = pwd.getpwnam(user)
            os.setgroups([])
            os.setgid(found.pw_gid)
            os.setuid(found.pw_uid)
            os.environ |= {"HOME": folder, "USER": user, "LOGNAME": user}
        os.chdir(folder)
        application = NbGraderApp()
        application.initialize(words)
        application.start()
        status = 0
    except NoStart:  # how a command with a subcommand ends, when that has done its task
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(bool(end.code))
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    for user, folder, words in json.loads(Path(sys.argv[1]).read_text()):
        if status := run(user, folder, words):
            sys.exit(f"{user or 'the instructor'}: nbgrader {' '.join(words)} ended with {status}")
