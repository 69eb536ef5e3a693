# Runs the tests of one problem against a function that lives in another sandbox. No line of the program under test runs here: its
# results arrive as plain values, and a verdict is what this side found.
# Frames are a length (four bytes, little-endian) and content, to the program and from it.
import ast
import builtins
import collections
import datetime
import decimal
import fractions
import importlib
import itertools
import json
import marshal
import math
import os
import pickle
import re
import string
import types

LIBRARY = {"collections", "copy", "datetime", "decimal", "fractions", "functools", "heapq", "itertools", "math", "operator", "random", "re",
           "statistics", "string", "sys", "typing"}
# What a program may return and tests pass on to it, though it cannot cross as what it is.
VIEWS = {type({}.keys()), type({}.values()), type({}.items())}


class Ended(BaseException):
    """The program under test is gone. A test that catches this is not passed by it."""


class Unsupported(BaseException):
    """The tests need what cannot cross between the sandboxes."""


class ProgramError(Exception):
    """An exception of a class that only the program knows."""


class Channel:
    """Frames to the program and from it."""

    def __init__(self, requests, replies, longest, most_calls):
        self.requests, self.replies, self.longest, self.calls_left = requests, replies, longest, most_calls
        self.ended = False

    def call(self, content):
        """The reply; one of no acceptable length, and a loop without end over what the program gave, end the program."""
        try:
            if self.ended or self.calls_left == 0:
                raise EOFError
            self.calls_left -= 1
            rest = memoryview(len(content).to_bytes(4, "little") + content)
            while rest:
                rest = rest[os.write(self.requests, rest):]
            length = int.from_bytes(self.read(4), "little")
            if length > self.longest:
                raise EOFError
            return self.read(length)
        except (EOFError, BrokenPipeError):
            self.ended = True
            raise Ended("the program ended") from None

    def read(self, count):
        parts = []
        while count:
            part = os.read(self.replies, count)
            if not part:
                raise EOFError
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


def exchange(kind, target, arguments=(), options=None):
    """One call: returns the value, raises what the program raised, and puts changed arguments back into the caller's objects."""
    request = kind, target, arguments, options
    while True:
        value, error, changed, function = understood(channel.call(encode(request)))
        if function is None:
            break
        request = called(*function)
    if error is not None:
        raise error
    for old, new in zip(arguments, changed):
        restore(old, new)
    return value


def understood(content):
    """Value, exception, changed arguments of a reply, or the function of the tests that it calls. The program may have written it."""
    try:
        reply = json.loads(content)
        if "raised" in reply:
            return None, exception(*reply["raised"]), [], None
        if "function" in reply:
            number, arguments = reply["function"]
            return None, None, [], (functions[number], build(arguments))
        return build(reply["value"]), None, [build(item) for item in reply.get("arguments", [])], None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, ArithmeticError):
        channel.ended = True
        raise Ended("the program answered no value") from None


def called(function, arguments):
    """Answers the program that called a function which a test had passed to it."""
    try:
        return "returned", None, function(*arguments), None
    except Exception as error:
        return "failed", type(error).__name__, str(error), None


def exception(kinds, message):
    """The nearest built-in class stands for one of the program's own."""
    kinds, message = [str(kind) for kind in kinds], str(message)
    if "Exception" not in kinds:
        return Ended(f"the program raised {kinds[0]}")
    for kind in kinds[:kinds.index("Exception")]:
        known = getattr(builtins, kind, None)
        if isinstance(known, type) and issubclass(known, Exception):
            try:
                return known(message)
            except TypeError:
                continue
    return ProgramError(f"{kinds[0]}: {message}")


def encode(request):
    outgoing = detach(request)
    try:
        return b"m" + marshal.dumps(outgoing)
    except ValueError:
        pass
    try:
        return b"p" + pickle.dumps(outgoing)
    except (MemoryError, RecursionError, ProgramError):
        # A value of this size or kind is the program's doing.
        raise
    except Exception as error:
        raise Unsupported(f"they pass an argument that cannot leave its process ({error})") from None


def detach(value):
    """Names remote objects, and functions of the tests, by their number."""
    kind = type(value)
    if kind in (types.FunctionType, types.MethodType):
        functions.append(value)
        return ("\0function", len(functions) - 1)
    if kind is RemoteObject:
        return ("\0object", value._number)
    if kind in (list, tuple, set, frozenset):
        return kind(map(detach, value))
    if kind is dict:
        return {detach(key): detach(item) for key, item in value.items()}
    if kind in VIEWS:
        return list(map(detach, value))
    return value


def build(value):
    """A decoded JSON value as the Python value it stands for; see the candidate's encoding."""
    kind = type(value)
    if kind is list:
        return [build(item) for item in value]
    if kind is not dict:
        return value
    (name, content), = value.items()
    return BUILDERS[name](content)


def built(make):
    return lambda content: make([build(item) for item in content])


def pairs(make):
    return lambda content: make({build(key): build(item) for key, item in content})


BUILDERS = {
    "int": lambda content: int(content, 16),
    "tuple": built(tuple), "set": built(set), "frozenset": built(frozenset), "dict": pairs(dict),
    "bytes": bytes.fromhex, "bytearray": bytearray.fromhex, "complex": lambda content: complex(float(content[0]), float(content[1])),
    "range": lambda content: range(*map(build, content)),
    "collections.Counter": pairs(collections.Counter), "collections.OrderedDict": pairs(collections.OrderedDict),
    "collections.deque": built(collections.deque),
    "builtins.dict_keys": built(lambda items: dict.fromkeys(items).keys()),
    "builtins.dict_values": built(lambda items: dict(enumerate(items)).values()),
    "builtins.dict_items": built(lambda items: dict(items).items()),
    "fractions.Fraction": lambda content: fractions.Fraction(content), "decimal.Decimal": lambda content: decimal.Decimal(content),
    "datetime.date": datetime.date.fromisoformat, "datetime.time": datetime.time.fromisoformat,
    "datetime.datetime": datetime.datetime.fromisoformat, "datetime.timedelta": lambda content: datetime.timedelta(*content),
    "type": lambda content: getattr(builtins, content) if isinstance(getattr(builtins, content), type) else content,
    "object": lambda content: RemoteObject(int(content[0]), str(content[1])),
}


def restore(old, new):
    """Gives the caller's object the content that the program left in it; returns what takes its place within a container."""
    kind = type(old)
    if kind is not type(new):
        return new
    if kind is list:
        old[:] = [restore(*both) for both in zip(old, new)] + new[len(old):]
    elif kind is dict:
        kept = {key: restore(old[key], item) if key in old else item for key, item in new.items()}
        old.clear()
        old.update(kept)
    elif kind in (set, bytearray, collections.deque):
        old.clear()
        old.extend(new) if kind is not set else old.update(new)
    elif kind is tuple and len(old) == len(new):
        return tuple(map(restore, old, new))
    else:
        return new
    return old


class RemoteObject:
    """An object that stays with the program. It equals itself alone: what the program says of equality counts for nothing."""

    def __init__(self, number, kind):
        self.__dict__.update(_number=number, _kind=kind)

    def __call__(self, *arguments, **options):
        return exchange("call", self._number, arguments, options)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(f"'{self._kind}' object has no attribute '{name}' that tests can reach")
        return exchange("attribute", self._number, name)

    def __setattr__(self, name, value):
        exchange("assign", self._number, (name, value))

    def _special(self, name, *arguments):
        try:
            method = exchange("attribute", self._number, name)
        except AttributeError:
            raise TypeError(f"'{self._kind}' object has no {name}") from None
        return method(*arguments)

    def __iter__(self):
        return self if self._kind == "iterator" else exchange("iterate", self._number)

    def __next__(self):
        return self._special("__next__")

    def __len__(self):
        return self._special("__len__")

    def __bool__(self):
        return True

    def __getitem__(self, key):
        return self._special("__getitem__", key)

    def __eq__(self, other):
        return type(other) is RemoteObject and other._number == self._number

    def __hash__(self):
        return hash(self._number)

    def __reduce_ex__(self, protocol):
        raise ProgramError(f"'{self._kind}' objects cannot go back to the program within a container of this kind")

    def __repr__(self):
        return f"<{self._kind[:40]} object>"


class Names(dict):
    """The tests' global names. Theirs come first, then Python's, then the program's: it can replace nothing that judges it."""

    replaced = frozenset()

    def __missing__(self, name):
        if name in self.replaced:
            return program_name(name)
        if hasattr(builtins, name):
            return getattr(builtins, name)
        if name in LIBRARY:
            return importlib.import_module(name)
        return program_name(name)


def program_name(name):
    try:
        return exchange("name", name)
    except KeyError:
        raise NameError(f"name '{name}' is not defined") from None


def compiled(source, what):
    try:
        return compile(source, what, "exec")
    except (SyntaxError, ValueError) as error:
        raise Unsupported(f"they are not valid Python ({error})") from None


def asked_built_ins(tests):
    """Tests that call nothing but built-in functions ask for new ones of these names."""
    called = {node.func.id for node in ast.walk(ast.parse(tests)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return called if all(hasattr(builtins, name) for name in called) else frozenset()


def judge(problem):
    entry = problem["entryPoint"]
    tests = compiled(problem["test"], "tests")
    exchange("load", problem["preamble"], problem["program"], entry)
    names = Names(__name__="tests")
    if problem["prompt"]:
        try:
            exec(compile(problem["prompt"], "prompt", "exec"), names)
        except Exception:
            # Helpers of a prompt that is no whole program are those of the program under test.
            pass
    if entry:
        names[entry] = program_name(entry)
    else:
        names.replaced = asked_built_ins(problem["test"])
    exec(compiled(problem["setup"], "setup"), names)
    exec(tests, names)
    if entry and callable(names.get("check")):
        names["check"](names[entry])


def failed_line(error, tests):
    """The line of the tests that raised."""
    found, trace = "", error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "tests":
            found = tests.splitlines()[trace.tb_lineno - 1].strip()
        trace = trace.tb_next
    return found


def verdict(problem):
    try:
        judge(problem)
        # Tests that catch everything have caught the end as well.
        return {"detail": "the program ended"} if channel.ended else {"correct": True}
    except Unsupported as error:
        return {"unsupported": str(error)}
    except Ended as error:
        return {"detail": str(error)}
    except AssertionError as error:
        return {"detail": f"AssertionError: {failed_line(error, problem['test']) or error}"}
    except BaseException as error:
        return {"detail": f"{type(error).__name__}: {error}"}


def run(problem, *program):
    """The verdict on a problem as JSON; `program` is what `Channel` is made of."""
    global channel
    channel = Channel(*program)
    found = verdict(json.loads(problem))
    found = {name: text if text is True else text[:500].encode("utf-8", "replace").decode() for name, text in found.items()}
    return json.dumps({**found, "ended": channel.ended}).encode()


channel = None
functions = []
