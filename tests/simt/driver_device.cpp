// The driver's device and context, the device's settings, and the names of errors.
#include "driver.h"
#include "launch.h"
#include "memory.h"
#include <stdio.h>
#include <map>

std::recursive_mutex& driver_guard = *new std::recursive_mutex;

namespace {
int contexts;
thread_local void* context;
int context_token;

void clear_error() {
    if (sticky_error) run_one(); // drops what was queued
    sticky_error = 0;
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
        {12, 65536}, {13, 1000000}, {16, 4}, {17, 0}, {18, 0}, {19, 1}, {31, 1}, {36, 1000000}, {37, 256}, {38, 4 << 20}, {39, 2048},
        {40, 2}, {41, 1}, {75, 8}, {76, 0}, {78, 1}, {81, (int)most_dynamic_shared + 1024}, {82, 65536}, {97, (int)most_dynamic_shared},
        {106, 32}, {111, 1024}, {115, 0}};
    auto found = known.find(attribute);
    *value = found == known.end() ? 0 : found->second;
    return 0;
}
API CUresult cuDevicePrimaryCtxRetain(void** c, int) { LOCK; contexts++; *c = &context_token; return 0; }
API CUresult cuDevicePrimaryCtxRelease_v2(int) {
    LOCK;
    if (contexts == 0) return 201;
    run_all();
    if (--contexts == 0) clear_error();
    return 0;
}
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
        case 701: return "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES";
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
API CUresult cuGetErrorString(int code, const char** text) {
    *text = code >= 700 && code < 800 ? last_error() : error_name(code);
    return 0;
}
