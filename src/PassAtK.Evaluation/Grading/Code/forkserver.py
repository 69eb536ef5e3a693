# Forks a process for each problem, which runs its tests, and that one forks another for the program under test, which shuts itself into
# namespaces of its own before it runs a line of it. This process reads nothing and keeps nothing: every sample starts from one image.
# Frames are a length (four bytes, little-endian) and content. Out: `R` when a problem can be judged, or `E` and why none can; then `V` and
# the verdict, or `D` where the process of the tests died. In: a problem for each `R`. After `E` and `D` it ends.
# Arguments: the sources of candidate.py and tester.py; a seccomp filter in hexadecimal digits; most bytes of memory, seconds of processor
# time, most bytes of a file, most bytes of all files, most calls of the tests.
import _ctypes
import array
import gc
import os
import random
import resource
import struct
import sys

# What programs import most often: here it is imported once.
import bisect, collections, copy, datetime, functools, heapq, itertools, math, operator, re, string, typing  # noqa: E401, F401

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = (
    0x00020000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
MS_NOSUID, MS_NODEV = 2, 4
PR_SET_PDEATHSIG, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 22, 38
SECCOMP_MODE_FILTER = 2
SIGKILL = 9
LINUX_CAPABILITY_VERSION_3 = 0x20080522

# How the process of the tests ended: after a verdict; by itself before one; because no verdict can be given or nobody asks for one.
JUDGED, DIED, LAST = 0, 1, 2


class Int(_ctypes._SimpleCData):
    _type_ = "i"


class Function(_ctypes.CFuncPtr):
    """Of the C library. The module `ctypes` is not used, because it makes a callback when imported, and a callback may lie in memory that
    forked processes share: what one sample writes there another would run."""
    _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_USE_ERRNO
    _restype_ = Int


class Kernel:
    """System calls that Python has no function for."""

    def __init__(self):
        library = _ctypes.dlopen(None, 0)
        self.functions = {name: Function(_ctypes.dlsym(library, name)) for name in ("unshare", "mount", "prctl", "capset")}

    def call(self, name, *arguments):
        if self.functions[name](*arguments) != 0:
            error = _ctypes.get_errno()
            raise OSError(error, f"{name}: {os.strerror(error)}")

    def drop_rights(self, code):
        """No capability, none to gain by starting a program, and only the system calls of the filter."""
        self.call("capset", struct.pack("Ii", LINUX_CAPABILITY_VERSION_3, 0), bytes(24))
        self.call("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # An end of the process above ends this one. A change of rights would clear it, and the filter forbids to.
        self.call("prctl", PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        instructions = array.array("B", code)
        self.call("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, struct.pack("HP", len(code) // 8, instructions.buffer_info()[0]), 0, 0)


def limit(**limits):
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (most, most))


def read(channel, count):
    """None where the other end is gone."""
    parts = []
    while count:
        part = os.read(channel, count)
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def receive(channel):
    length = read(channel, 4)
    return length and read(channel, int.from_bytes(length, "little"))


def send(channel, content):
    rest = memoryview(len(content).to_bytes(4, "little") + content)
    while rest:
        rest = rest[os.write(channel, rest):]


def take_channel():
    """The channel moves away from the standard streams, which programs find empty and bottomless. Nothing else is left open."""
    jobs, verdicts = os.dup(0), os.dup(1)
    keep_open(jobs, verdicts)
    null = os.open("/dev/null", os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    limit(NOFILE=64)
    return jobs, verdicts


def keep_open(*kept):
    """Closes all but these and the standard streams."""
    edges = [2, *sorted(kept), os.sysconf("SC_OPEN_MAX")]
    for low, high in zip(edges, edges[1:]):
        os.closerange(low + 1, high)


def module(name, source):
    made = type(sys)(name)
    exec(compile(source, name, "exec"), made.__dict__)
    return made


class ForkServer:
    def __init__(self, candidate, tester, code, memory, seconds, file_size, space, calls):
        self.candidate, self.tester = module("candidate", candidate), module("tester", tester)
        self.code = bytes.fromhex(code)
        self.memory, self.seconds, self.file_size, self.space, self.calls = map(int, (memory, seconds, file_size, space, calls))
        self.kernel = Kernel()
        self.jobs, self.verdicts = take_channel()

    def serve(self):
        ended = JUDGED
        while ended == JUDGED:
            tester = os.fork()
            if tester == 0:
                leave_with(self.test)
            ended = reaped(tester)
        if ended == DIED:
            send(self.verdicts, b"D")

    def test(self):
        """The process of one problem's tests."""
        try:
            requests, replies = self.start_program()
            self.kernel.drop_rights(self.code)
            limit(CPU=self.seconds, AS=2 * self.memory, FSIZE=0, CORE=0)
            why = receive(replies)
        except OSError as error:
            why = error.strerror.encode()
        if why != b"ready":
            send(self.verdicts, b"E" + (why or b"a program's process ended"))
            return LAST
        send(self.verdicts, b"R")
        problem = receive(self.jobs)
        if problem is None:
            return LAST
        sys.set_int_max_str_digits(0)
        random.seed(0)
        sys.modules["__main__"] = self.tester
        send(self.verdicts, b"V" + self.tester.run(problem, requests, replies, self.file_size, self.calls))
        return JUDGED

    def start_program(self):
        """Forks while no problem has been read yet: no memory of the program's process ever held a test."""
        (requests, to_program), (from_program, replies) = os.pipe(), os.pipe()
        self.kernel.call("unshare", CLONE_NEWPID)
        if os.fork() == 0:
            leave_with(lambda: self.run_program(requests, replies))
        os.close(requests)
        os.close(replies)
        return to_program, from_program

    def run_program(self, requests, replies):
        try:
            keep_open(requests, replies)
            self.shut_in()
        except OSError as error:
            send(replies, error.strerror.encode())
            return LAST
        random.seed(1)
        sys.modules["__main__"] = self.candidate
        self.candidate.serve(requests, replies)

    def shut_in(self):
        # A signal to the own process group would reach the processes outside.
        os.setsid()
        self.kernel.call("unshare", CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS)
        self.kernel.call("mount", b"tmpfs", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV, b"mode=755,size=%d" % self.space)
        os.chdir("/tmp")
        # Last, so that not even all capabilities in it are a right over the other namespaces; it has no users but nobody.
        self.kernel.call("unshare", CLONE_NEWUSER)
        limit(AS=self.memory, CPU=self.seconds, FSIZE=self.file_size, CORE=0, NPROC=64)
        self.kernel.drop_rights(self.code)


def leave_with(work):
    ended = DIED
    try:
        ended = work()
    finally:
        os._exit(ended)


def reaped(tester):
    """Waits until no process is left, and tells how that of the tests ended."""
    ended = DIED
    while True:
        try:
            process, status = os.wait()
        except ChildProcessError:
            return ended
        if process == tester and os.WIFEXITED(status):
            ended = os.WEXITSTATUS(status)


server = ForkServer(*sys.argv[1:])
gc.collect()
gc.freeze()
server.serve()
