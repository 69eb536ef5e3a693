// The driver's captures and graphs.
#include "driver.h"

API CUresult cuStreamBeginCapture_v2(void* handle, int mode) { STREAM(handle); return begin_capture(stream, mode); }
API CUresult cuStreamEndCapture(void* handle, void** graph) {
    STREAM(handle);
    std::shared_ptr<Graph> captured;
    const int code = end_capture(stream, captured);
    *graph = code ? nullptr : new Graph(*captured);
    return code;
}
API CUresult cuStreamIsCapturing(void* handle, int* status) { STREAM(handle); *status = stream->capture ? 1 : 0; return 0; }
API CUresult cuGraphInstantiateWithFlags(void** executable, void* graph, u64) { LOCK; *executable = new Graph(*(Graph*)graph); return 0; }
API CUresult cuGraphLaunch(void* executable, void* handle) { STREAM(handle); return launch_graph(*(Graph*)executable, stream); }
API CUresult cuGraphUpload(void*, void*) { return 0; }
API CUresult cuGraphExecDestroy(void* executable) { LOCK; delete (Graph*)executable; return 0; }
API CUresult cuGraphDestroy(void* graph) { LOCK; delete (Graph*)graph; return 0; }
