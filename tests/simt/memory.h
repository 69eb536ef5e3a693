// Device memory: one reserved range of addresses, with a guard page behind every allocation and a shadow that knows each byte's state.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum ByteState : unsigned char { Unallocated, Uninitialised, Initialised };

struct DeviceMemory {
    static constexpr size_t capacity = 1ull << 36; // bytes of address space
    static constexpr size_t total = 8ull << 30;    // bytes the device says it has

    unsigned char* base = nullptr;
    unsigned char* state = nullptr;  // ByteState of each byte
    uint32_t* last_writer = nullptr; // (launch, block) that wrote each pair of bytes
    uint64_t* last_write = nullptr;  // (thread, clock of its block and warp) of that write

    bool holds(const void* address) const { return base && (size_t)((const unsigned char*)address - base) < capacity; }
    size_t offset(const void* address) const { return (size_t)((const unsigned char*)address - base); }
    void* allocate(size_t bytes);
    bool release(void* address);
    bool inside_one_allocation(const void* address, size_t bytes);
    void mark(const void* address, size_t bytes, ByteState value);
    void copy_state(const void* to, const void* from, size_t bytes);
    void mark_initialised_before(size_t offset);
    size_t end(); // offset behind the newest allocation
    size_t in_use();
};
extern DeviceMemory device_memory;
