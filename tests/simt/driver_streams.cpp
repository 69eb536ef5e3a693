// The driver's streams and events.
#include "driver.h"

static int wait_for(Stream* stream) { return stream->capture ? 900 : run_until(stream->last); }

API CUresult cuStreamCreate(void** s, unsigned flags) { LOCK; *s = create_stream(!(flags & 1)); return 0; }
API CUresult cuStreamCreateWithPriority(void** s, unsigned flags, int) { return cuStreamCreate(s, flags); }
API CUresult cuCtxGetStreamPriorityRange(int* least, int* greatest) { *least = *greatest = 0; return 0; }
API CUresult cuStreamDestroy_v2(void* handle) { STREAM(handle); if ((uintptr_t)handle <= 2) return 400; destroy_stream(stream); return 0; }
API CUresult cuStreamSynchronize(void* handle) {
    STREAM(handle);
    if (stream == &legacy_stream) return capturing() ? 906 : run_all();
    return wait_for(stream);
}
API CUresult cuStreamQuery(void* handle) {
    STREAM(handle);
    if (stream->capture) return 900;
    if (sticky_error || !stream->last || stream->last->done) return sticky_error;
    run_one();
    return sticky_error ? sticky_error : stream->last->done ? 0 : 600;
}
API CUresult cuStreamWaitEvent(void* handle, void* event, unsigned) {
    STREAM(handle);
    return event ? wait_event(stream, (Event*)event) : 400;
}
API CUresult cuEventCreate(void** e, unsigned) { *e = new Event; return 0; }
API CUresult cuEventDestroy_v2(void* e) { LOCK; delete (Event*)e; return 0; }
API CUresult cuEventRecord(void* event, void* handle) { STREAM(handle); return event ? record_event((Event*)event, stream) : 400; }
API CUresult cuEventRecordWithFlags(void* event, void* handle, unsigned flags) {
    STREAM(handle);
    if (!event || flags > 1) return event ? 1 : 400;
    return flags ? record_event_each_run((Event*)event, stream) : record_event((Event*)event, stream);
}
API CUresult cuEventSynchronize(void* e) { LOCK; return ((Event*)e)->capture ? 900 : run_until(((Event*)e)->recorded); }
API CUresult cuEventQuery(void* e) {
    LOCK;
    auto* event = (Event*)e;
    if (event->capture) return 900;
    if (sticky_error || !event->recorded || event->recorded->done) return sticky_error;
    run_one();
    return sticky_error ? sticky_error : event->recorded->done ? 0 : 600;
}
API CUresult cuEventElapsedTime(float* ms, void* from, void* to) {
    LOCK;
    auto *a = (Event*)from, *b = (Event*)to;
    if (sticky_error) return sticky_error;
    if (!a->recorded || !b->recorded) return 400;
    if (!a->recorded->done || !b->recorded->done) return 600;
    *ms = (float)(*b->milliseconds - *a->milliseconds);
    return 0;
}
