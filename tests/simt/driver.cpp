// The CUDA driver's entry points: device, context, memory, streams, events, graphs and launches.
#include "api.h"
#include "launch.h"
#include "memory.h"
#include "module.h"
#include "stream.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <map>

std::recursive_mutex& driver_guard = *new std::recursive_mutex;
typedef int CUresult;
typedef unsigned long long CUdeviceptr;
#define LOCK std::lock_guard lock(driver_guard)
#define STREAM(handle) LOCK; Stream* stream = find_stream(handle); if (!stream) return 400

namespace {
auto& pinned = *new std::map<uintptr_t, size_t>;
int contexts;
thread_local void* context;
int context_token;

bool is_pinned(const void* p) {
    auto after = pinned.upper_bound((uintptr_t)p);
    return after != pinned.begin() && (--after, (uintptr_t)p < after->first + after->second);
}
int bad_range(const char* what, const void* p, size_t n) {
    char text[160];
    snprintf(text, sizeof text, "%s of %zu bytes at device address %p: not inside one allocation", what, n, p);
    set_last_error(text);
    return 700;
}
int copy(void* to, const void* from, size_t n) {
    const bool to_device = device_memory.holds(to), from_device = device_memory.holds(from);
    if (to_device && !device_memory.inside_one_allocation(to, n)) return bad_range("copy to", to, n);
    if (from_device && !device_memory.inside_one_allocation(from, n)) return bad_range("copy from", from, n);
    memmove(to, from, n);
    if (to_device && from_device) device_memory.copy_state(to, from, n);
    else if (to_device) device_memory.mark(to, n, Initialised);
    return 0;
}
int set(CUdeviceptr to, unsigned value, size_t width, size_t count) {
    if (!device_memory.inside_one_allocation((void*)to, width * count)) return bad_range("memset", (void*)to, width * count);
    for (size_t i = 0; i < count; i++) memcpy((char*)to + i * width, &value, width);
    device_memory.mark((void*)to, width * count, Initialised);
    return 0;
}
void clear_error() {
    if (sticky_error) run_one(); // drops what was queued
    sticky_error = 0;
}
int wait_for(Stream* stream) { return stream->capture ? 900 : run_until(stream->last); }
int synchronous(Stream* stream, std::function<int()> run) {
    if (capturing()) return 906;
    const int code = enqueue(stream, std::move(run));
    return code ? code : run_until(stream->last);
}
}

API CUresult simt_configure(const char* key, u64 value) {
    const std::string k = key;
    LOCK;
    run_all();
    if (k == "seed") settings.seed = value;
    else if (k == "threads") settings.threads = value;
    else if (k == "stack") settings.stack = value;
    else if (k == "eager") settings.eager = value;
    else if (k == "verbose") settings.verbose = value;
    else return 1;
    return 0;
}
API u64 simt_statistic(const char* name) {
    const std::string n = name;
    return n == "switches" ? fiber_switches() : n == "launches" ? launches() : n == "memory" ? device_memory.in_use() : 0;
}
API const char* simt_last_error() { return last_error(); }

API CUresult cuInit(unsigned) { return 0; }
API CUresult cuDriverGetVersion(int* version) { *version = 12040; return 0; }
API CUresult cuDeviceGetCount(int* count) { *count = 1; return 0; }
API CUresult cuDeviceGet(int* device, int ordinal) { *device = 0; return ordinal ? 101 : 0; }
API CUresult cuDeviceGetName(char* name, int length, int) { snprintf(name, (size_t)length, "SIMT device on the CPU"); return 0; }
API CUresult cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = DeviceMemory::total; return 0; }
API CUresult cuDeviceGetAttribute(int* value, int attribute, int) {
    static const std::map<int, int> known{
        {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 0x7fffffff}, {6, 65535}, {7, 65535}, {8, 48 << 10}, {9, 64 << 10}, {10, 32},
        {12, 65536}, {13, 1000000}, {16, 4}, {17, 0}, {18, 0}, {19, 1}, {31, 1}, {36, 1000000}, {37, 256}, {38, 4 << 20}, {39, 2048}, {40, 2},
        {41, 1}, {75, 8}, {76, 0}, {78, 1}, {81, (int)most_dynamic_shared + 1024}, {82, 65536}, {97, (int)most_dynamic_shared}, {106, 32}, {111, 1024}, {115, 0}};
    auto found = known.find(attribute);
    *value = found == known.end() ? 0 : found->second;
    return 0;
}
API CUresult cuDevicePrimaryCtxRetain(void** c, int) { LOCK; contexts++; *c = &context_token; return 0; }
API CUresult cuDevicePrimaryCtxRelease_v2(int) { LOCK; if (contexts == 0) return 201; run_all(); if (--contexts == 0) clear_error(); return 0; }
API CUresult cuDevicePrimaryCtxRelease(int d) { return cuDevicePrimaryCtxRelease_v2(d); }
API CUresult cuDevicePrimaryCtxReset_v2(int) { LOCK; run_all(); clear_error(); return 0; }
API CUresult cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return 0; }
API CUresult cuDevicePrimaryCtxGetState(int, unsigned* flags, int* active) { LOCK; *flags = 0; *active = contexts > 0; return 0; }
API CUresult cuCtxSetCurrent(void* c) { context = c; return 0; }
API CUresult cuCtxGetCurrent(void** c) { *c = context; return 0; }
API CUresult cuCtxGetDevice(int* d) { *d = 0; return 0; }
API CUresult cuCtxSynchronize() { LOCK; return capturing() ? 900 : run_all(); }

static const char* error_name(int code) {
    switch (code) {
        case 0: return "CUDA_SUCCESS";
        case 1: return "CUDA_ERROR_INVALID_VALUE";
        case 2: return "CUDA_ERROR_OUT_OF_MEMORY";
        case 101: return "CUDA_ERROR_INVALID_DEVICE";
        case 200: return "CUDA_ERROR_INVALID_IMAGE";
        case 201: return "CUDA_ERROR_INVALID_CONTEXT";
        case 209: return "CUDA_ERROR_NO_BINARY_FOR_GPU";
        case 400: return "CUDA_ERROR_INVALID_HANDLE";
        case 500: return "CUDA_ERROR_NOT_FOUND";
        case 600: return "CUDA_ERROR_NOT_READY";
        case 700: return "CUDA_ERROR_ILLEGAL_ADDRESS";
        case 716: return "CUDA_ERROR_MISALIGNED_ADDRESS";
        case 719: return "CUDA_ERROR_LAUNCH_FAILED";
        case 801: return "CUDA_ERROR_NOT_SUPPORTED";
        case 900: return "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED";
        case 901: return "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED";
        case 903: return "CUDA_ERROR_STREAM_CAPTURE_MERGE";
        case 904: return "CUDA_ERROR_STREAM_CAPTURE_UNJOINED";
        case 905: return "CUDA_ERROR_STREAM_CAPTURE_ISOLATION";
        case 906: return "CUDA_ERROR_STREAM_CAPTURE_IMPLICIT";
        default: return "CUDA_ERROR_UNKNOWN";
    }
}
API CUresult cuGetErrorName(int code, const char** text) { *text = error_name(code); return 0; }
API CUresult cuGetErrorString(int code, const char** text) { *text = code >= 700 && code < 800 ? last_error() : error_name(code); return 0; }

API CUresult cuMemAlloc_v2(CUdeviceptr* p, size_t n) {
    LOCK;
    if (sticky_error) return sticky_error;
    if (capturing()) return 900;
    if (!n) return 1;
    *p = (CUdeviceptr)device_memory.allocate(n);
    return *p ? 0 : 2;
}
API CUresult cuMemFree_v2(CUdeviceptr p) { LOCK; if (!p) return 0; run_all(); return device_memory.release((void*)p) ? 0 : 1; }
API CUresult cuMemHostAlloc(void** p, size_t n, unsigned) {
    LOCK;
    if (sticky_error) return sticky_error;
    if (capturing()) return 900;
    *p = aligned_alloc(4096, (n + 4095) / 4096 * 4096);
    if (!*p) return 2;
    pinned[(uintptr_t)*p] = n;
    return 0;
}
API CUresult cuMemAllocHost_v2(void** p, size_t n) { return cuMemHostAlloc(p, n, 0); }
API CUresult cuMemFreeHost(void* p) { LOCK; run_all(); if (!pinned.erase((uintptr_t)p)) return 1; free(p); return 0; }
API CUresult cuMemGetInfo_v2(size_t* free_bytes, size_t* total) { *total = DeviceMemory::total; *free_bytes = *total - device_memory.in_use(); return 0; }

API CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr to, const void* from, size_t n, void* handle) {
    STREAM(handle);
    if (is_pinned(from) || stream->capture) return enqueue(stream, [=] { return copy((void*)to, from, n); });
    auto staged = std::make_shared<std::string>((const char*)from, n); // pageable memory is read at the call
    return enqueue(stream, [=] { return copy((void*)to, staged->data(), n); });
}
API CUresult cuMemcpyDtoHAsync_v2(void* to, CUdeviceptr from, size_t n, void* handle) {
    STREAM(handle);
    const int code = enqueue(stream, [=] { return copy(to, (void*)from, n); });
    return code || stream->capture || is_pinned(to) ? code : run_until(stream->last); // into pageable memory the call waits
}
API CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr to, CUdeviceptr from, size_t n, void* handle) {
    STREAM(handle);
    return enqueue(stream, [=] { return copy((void*)to, (void*)from, n); });
}
API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t n) { LOCK; return synchronous(&legacy_stream, [=] { return copy((void*)to, from, n); }); }
API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t n) { LOCK; return synchronous(&legacy_stream, [=] { return copy(to, (void*)from, n); }); }
API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t n) { LOCK; return synchronous(&legacy_stream, [=] { return copy((void*)to, (void*)from, n); }); }
API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char v, size_t n, void* handle) { STREAM(handle); return enqueue(stream, [=] { return set(to, v, 1, n); }); }
API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned v, size_t n, void* handle) { STREAM(handle); return enqueue(stream, [=] { return set(to, v, 4, n); }); }
API CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char v, size_t n) { LOCK; return synchronous(&legacy_stream, [=] { return set(to, v, 1, n); }); }
API CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned v, size_t n) { LOCK; return synchronous(&legacy_stream, [=] { return set(to, v, 4, n); }); }

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
API CUresult cuStreamWaitEvent(void* handle, void* event, unsigned) { STREAM(handle); return event ? wait_event(stream, (Event*)event) : 400; }
API CUresult cuEventCreate(void** e, unsigned) { *e = new Event; return 0; }
API CUresult cuEventDestroy_v2(void* e) { LOCK; delete (Event*)e; return 0; }
API CUresult cuEventRecord(void* event, void* handle) { STREAM(handle); return event ? record_event((Event*)event, stream) : 400; }
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

API CUresult cuModuleLoadData(void** module, const void* image) { LOCK; if (sticky_error) return sticky_error; return load_module(image, (Module**)module); }
API CUresult cuModuleLoadDataEx(void** module, const void* image, unsigned, int*, void**) { return cuModuleLoadData(module, image); }
API CUresult cuModuleUnload(void*) { LOCK; return run_all(); } // stays mapped: the same bytes may be loaded again
API CUresult cuModuleGetFunction(void** function, void* module, const char* name) {
    LOCK;
    *function = find_function((Module*)module, name);
    return *function ? 0 : 500;
}
API CUresult cuFuncSetAttribute(void* f, int attribute, int value) {
    if (attribute != 8) return 0;
    if (value < 0 || value > (int)most_dynamic_shared) return 1;
    ((Function*)f)->dynamic_limit = (u32)value;
    return 0;
}
API CUresult cuFuncGetAttribute(int* value, int attribute, void* f) {
    switch (attribute) {
        case 0: *value = 1024; break;
        case 1: *value = (int)((Function*)f)->module->static_shared; break;
        case 4: *value = 32; break;
        case 5: case 6: *value = 80; break;
        case 8: *value = (int)((Function*)f)->dynamic_limit; break;
        default: *value = 0;
    }
    return 0;
}
API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void*, int threads, size_t) { *blocks = threads > 1024 ? 0 : 2; return threads > 0 ? 0 : 1; }
API CUresult cuOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int* blocks, void* f, int threads, size_t shared, unsigned) {
    return cuOccupancyMaxActiveBlocksPerMultiprocessor(blocks, f, threads, shared);
}
API CUresult cuLaunchKernel(void* f, u32 gx, u32 gy, u32 gz, u32 bx, u32 by, u32 bz, u32 dynamic_shared, void* handle, void** arguments, void** extra) {
    STREAM(handle);
    auto* function = (Function*)f;
    if (extra) return 801;
    const u64 threads = (u64)bx * by * bz;
    if (!threads || threads > most_threads || bz > 64 || !gx || !gy || !gz || gy > 65535 || gz > 65535 || gx > 0x7fffffff) return 1;
    if (dynamic_shared > function->dynamic_limit) return 1;
    auto values = std::make_shared<std::vector<std::string>>(); // copied at the call, as the driver does
    for (u32 i = 0; i < function->kernel->argument_count; i++) values->emplace_back((const char*)arguments[i], function->kernel->argument_sizes[i]);
    return enqueue(stream, [=] {
        std::vector<void*> addresses;
        for (auto& v : *values) addresses.push_back(v.data());
        return run_launch({function->kernel, function->name.c_str(), {gx, gy, gz}, {bx, by, bz}, dynamic_shared, addresses.data()});
    });
}
