"""Times work on a GPU: a warm-up, then the median over replays of a graph that walks through several inputs, so that no input is still
in the cache when its turn comes again. Works without a GPU too (a plain clock), so that the peers can be tried anywhere."""

import statistics
import time

import torch

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
# More than the L2 of any GPU: inputs are rotated through at least this many bytes.
CACHE_BYTES = 256 << 20


def copies_for(bytes_each, most=256):
    """How many inputs of that size outgrow the cache; one is enough on a CPU, where nothing is measured in earnest."""
    if DEVICE == "cpu":
        return 1
    return max(2, min(most, -(-CACHE_BYTES // bytes_each)))


def microseconds(run, inputs, repeats=15):
    """Median time of run(input), in microseconds; repeats is lowered for slow work."""
    for item in inputs[:2]:
        run(item)
    if DEVICE == "cpu":
        return _by_clock(run, inputs)
    torch.cuda.synchronize()
    replay = _graph(run, inputs)
    first = _by_events(replay)
    times = [first] + [_by_events(replay) for _ in range(max(2, min(repeats, int(1000 / max(first, 1e-3)))))]
    return statistics.median(times[1:]) * 1000 / len(inputs)


def _graph(run, inputs):
    def plain():
        for item in inputs:
            run(item)

    try:
        stream = torch.cuda.Stream()
        with torch.cuda.stream(stream):
            plain()
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            plain()
        graph.replay()
        torch.cuda.synchronize()
        return graph.replay
    except RuntimeError:
        # Work that waits for the device cannot be captured; its launches are then part of its time.
        torch.cuda.synchronize()
        return plain


def _by_events(work):
    begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
    begin.record()
    work()
    end.record()
    end.synchronize()
    return begin.elapsed_time(end)


def _by_clock(run, inputs):
    begin = time.perf_counter()
    for item in inputs:
        run(item)
    return (time.perf_counter() - begin) * 1e6 / len(inputs)
