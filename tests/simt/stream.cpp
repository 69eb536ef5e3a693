#include "stream.h"
#include "launch.h"
#include <stdio.h>
#include <time.h>
#include <algorithm>
#include <deque>
#include <set>

int sticky_error;
Stream legacy_stream;

namespace {
auto& pending = *new std::deque<OperationPointer>; // in the order they were queued
auto& streams = *new std::set<Stream*>;
Stream per_thread_stream;
u64 random_state = 1;

bool ready(const Operation& o) {
    return std::all_of(o.after.begin(), o.after.end(), [](const OperationPointer& p) { return p->done; });
}

size_t choose() {
    if (settings.seed == 0) return 0;
    std::vector<size_t> candidates;
    for (size_t i = pending.size(); i-- > 0;)
        if (ready(*pending[i])) {
            if (settings.seed == 1) return i;
            candidates.push_back(i);
        }
    random_state = random_state * 6364136223846793005ull + settings.seed * 2 + 1;
    return candidates[(random_state >> 33) % candidates.size()];
}

OperationPointer add(Stream* stream, std::function<int()> run, std::vector<OperationPointer> after) {
    auto operation = std::make_shared<Operation>();
    operation->run = std::move(run);
    for (auto& p : after)
        if (p && !p->done) operation->after.push_back(p);
    pending.push_back(operation);
    if (stream) stream->last = operation;
    return operation;
}

std::vector<OperationPointer> before(Stream* stream) {
    std::vector<OperationPointer> after{stream->last};
    if (stream == &legacy_stream) {
        for (Stream* s : streams) if (s->blocking) after.push_back(s->last);
        after.push_back(per_thread_stream.last);
    } else if (stream->blocking) after.push_back(legacy_stream.last);
    return after;
}

double now() {
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}
}

Stream* find_stream(void* handle) {
    if ((uintptr_t)handle <= 1) return &legacy_stream;
    if ((uintptr_t)handle == 2) return &per_thread_stream;
    auto* stream = (Stream*)handle;
    return streams.count(stream) ? stream : nullptr;
}
Stream* create_stream(bool blocking) {
    auto* stream = new Stream;
    stream->blocking = blocking;
    streams.insert(stream);
    return stream;
}
void destroy_stream(Stream* stream) {
    if (stream->last) run_until(stream->last);
    streams.erase(stream);
    delete stream;
}
bool capturing() {
    return std::any_of(streams.begin(), streams.end(), [](Stream* s) {
        return s->capture && (s->capture->mode == 0 || (s->capture->mode == 1 && s->capture->thread == std::this_thread::get_id()));
    });
}

int run_one() {
    if (sticky_error) { pending.clear(); return sticky_error; }
    if (pending.empty()) return 0;
    const size_t at = choose();
    OperationPointer operation = pending[at];
    pending.erase(pending.begin() + (long)at);
    const int code = operation->run();
    operation->done = true;
    operation->run = nullptr;
    operation->after.clear();
    if (code) {
        sticky_error = code;
        if (settings.verbose) fprintf(stderr, "simt: error %d: %s\n", code, last_error());
    }
    return code;
}
int run_until(const OperationPointer& target) {
    while (!sticky_error && target && !target->done && !pending.empty()) run_one();
    return sticky_error;
}
int run_all() {
    while (!sticky_error && !pending.empty()) run_one();
    return sticky_error;
}

int enqueue(Stream* stream, std::function<int()> run) {
    if (sticky_error) return sticky_error;
    if (stream->capture) {
        stream->capture->nodes.push_back({std::move(run), stream->capture_after});
        stream->capture_after = {stream->capture->nodes.size() - 1};
        return 0;
    }
    if (stream == &legacy_stream && std::any_of(streams.begin(), streams.end(), [](Stream* s) { return s->capture && s->blocking; }))
        return 906; // CUDA_ERROR_STREAM_CAPTURE_IMPLICIT
    add(stream, std::move(run), before(stream));
    return settings.eager ? run_all() : 0;
}

int record_event(Event* event, Stream* stream) {
    if (stream->capture) {
        event->capture = stream->capture;
        event->capture_after = stream->capture_after;
        return 0;
    }
    event->capture = nullptr;
    auto time = event->milliseconds = std::make_shared<double>(0);
    const int code = enqueue(stream, [time] { *time = now(); return 0; });
    event->recorded = stream->last;
    return code;
}
int record_event_each_run(Event* event, Stream* stream) {
    if (!stream->capture) return 1; // INVALID_VALUE: the flag is for captures
    return enqueue(stream, [event] {
        event->recorded = std::make_shared<Operation>();
        event->recorded->done = true;
        event->milliseconds = std::make_shared<double>(now());
        return 0;
    });
}
int wait_event(Stream* stream, Event* event) {
    if (sticky_error) return sticky_error;
    if (event->capture) {
        if (stream->capture && stream->capture != event->capture) return 903; // CAPTURE_MERGE
        stream->capture = event->capture;
        for (size_t node : event->capture_after) stream->capture_after.push_back(node);
        return 0;
    }
    if (stream->capture) return 905; // CAPTURE_ISOLATION
    if (!event->recorded || event->recorded->done) return 0;
    auto after = before(stream);
    after.push_back(event->recorded);
    add(stream, [] { return 0; }, std::move(after));
    return 0;
}

int begin_capture(Stream* stream, int mode) {
    if (stream == &legacy_stream) return 900; // CAPTURE_UNSUPPORTED
    if (stream->capture) return 901;          // CAPTURE_INVALIDATED
    stream->capture = std::make_shared<Graph>();
    stream->capture->origin = stream;
    stream->capture->mode = mode;
    stream->capture->thread = std::this_thread::get_id();
    stream->capture_after.clear();
    return 0;
}
int end_capture(Stream* stream, std::shared_ptr<Graph>& graph) {
    if (!stream->capture || stream->capture->origin != stream) return 901;
    graph = stream->capture;
    std::vector<bool> joined(graph->nodes.size());
    for (size_t node : stream->capture_after) joined[node] = true;
    for (size_t i = graph->nodes.size(); i-- > 0;)
        if (joined[i]) for (size_t earlier : graph->nodes[i].after) joined[earlier] = true;
    auto end = [&](Stream* s) { if (s->capture == graph) { s->capture = nullptr; s->capture_after.clear(); } };
    for (Stream* s : streams) end(s);
    end(&per_thread_stream);
    return std::count(joined.begin(), joined.end(), false) ? 904 : 0; // CAPTURE_UNJOINED
}
int launch_graph(const Graph& graph, Stream* stream) {
    if (sticky_error) return sticky_error;
    if (stream->capture) return 900;
    const auto first = before(stream);
    std::vector<OperationPointer> operations;
    for (const GraphNode& node : graph.nodes) {
        auto after = first;
        for (size_t i : node.after) after.push_back(operations[i]);
        operations.push_back(add(nullptr, node.run, std::move(after)));
    }
    operations.insert(operations.end(), first.begin(), first.end());
    add(stream, [] { return 0; }, std::move(operations));
    return settings.eager ? run_all() : 0;
}
