"""A command run to its end: how long it took, what it used, and where it ran."""
import json
import os
import subprocess
import time
from dataclasses import dataclass

THREADS = os.cpu_count()
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TASK = f"{ROOT}/models/countdown_problems.jsonl"


@dataclass(frozen=True)
class Usage:
    seconds: float
    processor: float  # seconds of all its threads, user and system
    memory: int  # most resident bytes


def timed(command, output=os.devnull):
    """Runs a command whose standard output goes to a file; ends the program where the command fails."""
    with open(output, "w") as out, open(os.devnull, "w") as nothing:
        start = time.monotonic()
        actions = [(os.POSIX_SPAWN_DUP2, out.fileno(), 1), (os.POSIX_SPAWN_DUP2, nothing.fileno(), 2)]
        child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
        _, status, usage = os.wait4(child, 0)
        seconds = time.monotonic() - start
    if status != 0:
        raise SystemExit(f"{command[0]}: ended with status {status}")
    return Usage(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def doctor(passatk):
    """What `passatk doctor` says of the machine."""
    return json.loads(subprocess.run([passatk, "doctor", "--json"], check=True, capture_output=True).stdout)


def countdown_run(passatk, model, problems, limit, samples, store, *options):
    """A fresh `passatk run` of one of the pair on the CPU, as a command."""
    if os.path.exists(store):
        os.remove(store)
    return [passatk, "run", "--model", f"{ROOT}/models/{model}", "--task", f"countdown:{problems}", "--limit", str(limit),
            "--samples", str(samples), "--out", store, "--quiet", "--threads", str(THREADS), *options]  # fmt: skip


def machine(facts):
    """One line of what the doctor says."""
    return f"- Machine: {facts['cpu']['name']}, {facts['cpu']['cores']} cores, {' '.join(facts['cpu']['features'])}; {THREADS} threads"
