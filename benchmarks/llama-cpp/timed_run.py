"""One program run from start to end, watched for what other processes took from the machine meanwhile (Linux)."""

import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import machine

QUIET = 0.05  # cores that others may take, on average, during an undisturbed run
SLACK = 1.0  # core seconds that others may take before an average over a short time means anything


@dataclass(frozen=True)
class Outcome:
    output: str
    others: float  # cores that other processes took, on average

    @property
    def disturbed(self):
        return self.others > QUIET


def run(command, patient, text=""):
    """Runs the command to its end, with a text as its input. A patient caller gets None for a run that others disturbed, as soon as that is certain:
    programs whose threads wait for each other crawl on a busy machine, and their result would not count."""
    before = machine.now()
    with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        given.write(text)
        given.seek(0)
        try:
            process = subprocess.Popen(command, stdin=given, stdout=output, stderr=errors)
        except OSError as error:
            raise SystemExit(f"{command[0]}: cannot be run: {error.strerror}")
        try:
            while process.poll() is None:
                time.sleep(0.1)
                if patient and disturbed(before, machine.now(process.pid)):
                    return None
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        others = machine.others(before, machine.now())
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.stderr.write(errors.read()[-2000:])
            raise SystemExit(f"{command[0]}: exit code {process.returncode}")
        return Outcome(output.read(), others)


def disturbed(before, after):
    cores = machine.others(before, after)
    return cores > QUIET and cores * (after.seconds - before.seconds) > SLACK


def wait_until_quiet(seconds):
    """Waits until others leave the machine alone for three seconds, at most for the time given."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        before = machine.now()
        time.sleep(3)
        if machine.others(before, machine.now()) <= QUIET:
            return
