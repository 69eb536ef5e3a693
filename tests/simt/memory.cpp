#include "memory.h"
#include <string.h>
#include <sys/mman.h>
#include <map>
#include <mutex>

DeviceMemory device_memory;

namespace {
constexpr size_t page = 4096;
std::mutex& guard = *new std::mutex; // never destroyed: other threads outlive static destructors
auto& allocations = *new std::map<size_t, size_t>; // offset, bytes
size_t top = page, used = 0;

void* reserve(size_t bytes, int protection) {
    void* at = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return at == MAP_FAILED ? nullptr : at;
}
size_t pages(size_t bytes) { return (bytes + page - 1) / page * page; }
}

void* DeviceMemory::allocate(size_t bytes) {
    std::lock_guard lock(guard);
    if (!base) {
        state = (unsigned char*)reserve(capacity, PROT_READ | PROT_WRITE);
        last_writer = (uint32_t*)reserve(capacity * 2, PROT_READ | PROT_WRITE);
        last_write = (uint64_t*)reserve(capacity * 4, PROT_READ | PROT_WRITE);
        if (state && last_writer && last_write) base = (unsigned char*)reserve(capacity, PROT_NONE);
        if (!base) return nullptr;
    }
    const size_t whole = pages(bytes);
    if (used + bytes > total || top + whole + page > capacity) return nullptr;
    const size_t first = top;
    if (mprotect(base + first, whole, PROT_READ | PROT_WRITE)) return nullptr;
    top += whole + page; // addresses are never used again: a dangling pointer faults
    used += bytes;
    const size_t start = first + ((whole - bytes) & ~(size_t)255); // as near to the guard page as 256-byte alignment allows
    memset(base + start, 0xff, bytes);
    memset(state + start, Uninitialised, bytes);
    allocations[start] = bytes;
    return base + start;
}

bool DeviceMemory::release(void* address) {
    std::lock_guard lock(guard);
    if (!base) return false;
    auto found = allocations.find(offset(address));
    if (found == allocations.end()) return false;
    const auto [start, bytes] = *found;
    const size_t first = start / page * page, whole = pages(start + bytes) - first;
    memset(state + start, Unallocated, bytes);
    madvise(base + first, whole, MADV_DONTNEED);
    mprotect(base + first, whole, PROT_NONE);
    used -= bytes;
    allocations.erase(found);
    return true;
}

bool DeviceMemory::inside_one_allocation(const void* address, size_t bytes) {
    std::lock_guard lock(guard);
    if (!base) return false;
    const size_t at = offset(address);
    auto after = allocations.upper_bound(at);
    if (after == allocations.begin()) return false;
    --after;
    return at + bytes <= after->first + after->second;
}

void DeviceMemory::mark(const void* address, size_t bytes, ByteState value) { memset(state + offset(address), value, bytes); }
void DeviceMemory::copy_state(const void* to, const void* from, size_t bytes) { memmove(state + offset(to), state + offset(from), bytes); }

void DeviceMemory::mark_initialised_before(size_t limit) {
    std::lock_guard lock(guard);
    for (auto [start, bytes] : allocations)
        if (start < limit) memset(state + start, Initialised, bytes);
}

size_t DeviceMemory::end() {
    std::lock_guard lock(guard);
    return top;
}

size_t DeviceMemory::in_use() {
    std::lock_guard lock(guard);
    return used;
}
