"""What the machine is, and how much of it others used while a run was timed (Linux)."""

import os
import platform
import re
import resource
import time
from dataclasses import dataclass

FEATURES = ("avx2", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "bf16", "sve")


def describe():
    """Processor model, family and model number (virtual machines hide the marketing name), cores, vector features."""
    fields = {}
    with open("/proc/cpuinfo") as file:
        for line in file:
            key, _, value = line.partition(":")
            fields.setdefault(key.strip(), value.strip())
    name = fields.get("model name", platform.machine())
    numbers = f"family {fields.get('cpu family', '?')} model {fields.get('model', '?')}"
    flags = fields.get("flags", fields.get("Features", "")).split()
    found = [feature for feature in FEATURES if feature in flags]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{name} ({numbers}), {os.cpu_count()} cores, {memory:.0f} GiB, {' '.join(found)}, Linux {kernel()}"


def kernel():
    return re.match(r"[0-9.]*[0-9]", platform.release()).group()


def load():
    """Runnable threads, averaged over the last minute."""
    return os.getloadavg()[0]


@dataclass(frozen=True)
class Moment:
    seconds: float
    busy: float  # core seconds of every process
    stolen: float  # core seconds the hypervisor gave to others
    own: float  # core seconds of this process and its children


def now(child=None):
    """The moment's counters. `child` is the process id of a child that still runs; finished ones are counted anyway."""
    with open("/proc/stat") as file:
        ticks = [int(field) / os.sysconf("SC_CLK_TCK") for field in file.readline().split()[1:]]
    user, nice, system, _idle, _wait, interrupt, soft_interrupt, stolen = ticks[:8]
    own = sum(
        usage.ru_utime + usage.ru_stime
        for usage in (resource.getrusage(resource.RUSAGE_CHILDREN), resource.getrusage(resource.RUSAGE_SELF))
    )
    if child is not None:
        own += core_seconds(child)
    return Moment(time.monotonic(), user + nice + system + interrupt + soft_interrupt, stolen, own)


def core_seconds(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()  # the program's name, in parentheses, may hold spaces
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def others(before, after):
    """Cores that other processes and other virtual machines took, on average, between two moments."""
    used = (after.busy - before.busy) - (after.own - before.own) + (after.stolen - before.stolen)
    return max(0.0, used / (after.seconds - before.seconds))
