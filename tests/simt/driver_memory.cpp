// The driver's allocations, copies and fills.
#include "driver.h"
#include "launch.h"
#include "memory.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <map>

namespace {
auto& pinned = *new std::map<uintptr_t, size_t>; // address, bytes

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
    if (width == 1) memset((void*)to, (int)value, count);
    else for (size_t i = 0; i < count; i++) memcpy((char*)to + i * width, &value, width);
    device_memory.mark((void*)to, width * count, Initialised);
    return 0;
}
int synchronous(Stream* stream, std::function<int()> run) {
    if (capturing()) return 906;
    const int code = enqueue(stream, std::move(run));
    return code ? code : run_until(stream->last);
}
}

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
API CUresult cuMemGetInfo_v2(size_t* free_bytes, size_t* total) {
    *total = DeviceMemory::total;
    *free_bytes = *total - device_memory.in_use();
    return 0;
}

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

static int copy_now(void* to, const void* from, size_t n) {
    LOCK;
    return synchronous(&legacy_stream, [=] { return copy(to, from, n); });
}
API CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void* from, size_t n) { return copy_now((void*)to, from, n); }
API CUresult cuMemcpyDtoH_v2(void* to, CUdeviceptr from, size_t n) { return copy_now(to, (void*)from, n); }
API CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t n) { return copy_now((void*)to, (void*)from, n); }

static int set_later(CUdeviceptr to, unsigned value, size_t width, size_t n, void* handle) {
    STREAM(handle);
    return enqueue(stream, [=] { return set(to, value, width, n); });
}
static int set_now(CUdeviceptr to, unsigned value, size_t width, size_t n) {
    LOCK;
    return synchronous(&legacy_stream, [=] { return set(to, value, width, n); });
}
API CUresult cuMemsetD8Async(CUdeviceptr to, unsigned char v, size_t n, void* handle) { return set_later(to, v, 1, n, handle); }
API CUresult cuMemsetD32Async(CUdeviceptr to, unsigned v, size_t n, void* handle) { return set_later(to, v, 4, n, handle); }
API CUresult cuMemsetD8_v2(CUdeviceptr to, unsigned char v, size_t n) { return set_now(to, v, 1, n); }
API CUresult cuMemsetD32_v2(CUdeviceptr to, unsigned v, size_t n) { return set_now(to, v, 4, n); }
