// Streams, events and graphs. Work is queued and runs as late as it may: when something waits for it. Among the operations whose
// dependencies are done the seed chooses: 0 the oldest, 1 the youngest, others at random.
#pragma once
#include <functional>
#include <memory>
#include <thread>
#include <vector>

struct Operation {
    std::function<int()> run;
    std::vector<std::shared_ptr<Operation>> after;
    bool done = false;
};
typedef std::shared_ptr<Operation> OperationPointer;

struct GraphNode { std::function<int()> run; std::vector<size_t> after; };
struct Graph { std::vector<GraphNode> nodes; struct Stream* origin = nullptr; int mode = 0; std::thread::id thread = {}; };

struct Stream {
    bool blocking = true; // obeys the legacy default stream
    OperationPointer last;
    std::shared_ptr<Graph> capture;
    std::vector<size_t> capture_after; // nodes that the next captured operation follows
};
struct Event {
    OperationPointer recorded;
    std::shared_ptr<double> milliseconds = std::make_shared<double>(0);
    std::shared_ptr<Graph> capture;
    std::vector<size_t> capture_after;
};

extern int sticky_error;
extern Stream legacy_stream;
Stream* find_stream(void* handle); // null where there is none
Stream* create_stream(bool blocking);
void destroy_stream(Stream* stream);
bool capturing();
int enqueue(Stream* stream, std::function<int()> run);
int run_until(const OperationPointer& target);
int run_one();
int run_all();
int record_event(Event* event, Stream* stream);
int record_event_each_run(Event* event, Stream* stream);
int wait_event(Stream* stream, Event* event);
int begin_capture(Stream* stream, int mode);
int end_capture(Stream* stream, std::shared_ptr<Graph>& graph);
int launch_graph(const Graph& graph, Stream* stream);
