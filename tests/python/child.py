"""Run a script of this folder in a Python process of its own."""

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def run_child(script, *arguments, environment=None, timeout=120, last="OK"):
    """Its standard output; a crash, another exit code than 0, or another end fails the test."""
    command = [sys.executable, "-X", "faulthandler", str(HERE / script), *arguments]
    done = subprocess.run(
        command,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout,
    )
    told = f"{script} {' '.join(arguments)}\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    assert done.returncode == 0, f"exit code {done.returncode}: {told}"
    assert done.stdout.rstrip().endswith(last), told
    return done.stdout
