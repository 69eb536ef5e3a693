"""Runs the Python peers, one JSON line each to standard output: `peers.py ceilings shapes sampler attention`, `peers.py generate MODEL
BATCHES CONTEXTS`; `--small` for sizes that a CPU bears. A part that fails says so in a line and the next goes on."""

import json
import sys
import traceback


def emit(**facts):
    print(json.dumps(facts), flush=True)


def machine():
    import torch

    facts = dict(kernel="machine", torch=torch.__version__, cuda=torch.version.cuda, device="cpu")
    if torch.cuda.is_available():
        properties = torch.cuda.get_device_properties(0)
        facts.update(device=properties.name, memory=properties.total_memory, multiprocessors=properties.multi_processor_count)
    for package in ("triton", "transformers"):
        try:
            facts[package] = __import__(package).__version__
        except ImportError:
            facts[package] = None
    emit(**facts)


def part(name, small, rest):
    if name == "machine":
        machine()
    elif name == "ceilings":
        import ceilings

        ceilings.measure(emit, small)
    elif name == "shapes":
        import ceilings

        ceilings.shapes(emit, small)
    elif name == "sampler":
        import sampler

        sampler.measure(emit, small)
    elif name == "attention":
        import attention

        attention.measure(emit, small)
    elif name == "generate":
        import generate

        model, batches, contexts = rest
        generate.measure(emit, model, [int(batch) for batch in batches.split(",")], [int(context) for context in contexts.split(",")])
    else:
        raise ValueError(f"unknown part '{name}'")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--small"]
    small = "--small" in sys.argv
    parts, rest = (arguments[:1], arguments[1:]) if arguments[:1] == ["generate"] else (arguments, [])
    failed = False
    for name in parts:
        try:
            part(name, small, rest)
        except Exception as error:
            failed = True
            traceback.print_exc()
            emit(kernel=name, by="python", failed=f"{type(error).__name__}: {error}"[:300])
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
