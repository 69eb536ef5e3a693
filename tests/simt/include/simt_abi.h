// What a compiled kernel module and the device library agree on.
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;

struct uint3 { u32 x, y, z; };
struct dim3 { u32 x = 1, y = 1, z = 1; };

// The block and the thread that run now; kernels read their built-in indices from them.
struct simt_block { uint3 index; dim3 threads; dim3 grid; unsigned char* dynamic_shared; };
struct simt_thread { uint3 index; u32 lane, warp, linear; simt_block* block; };

// A warp collective: called once, by the last lane to arrive, with the lanes' arguments and the mask of those that take part.
typedef void (*simt_collective_function)(void** arguments, u32 mask);

enum simt_barrier_kind { SIMT_BARRIER_PLAIN, SIMT_BARRIER_COUNT, SIMT_BARRIER_AND, SIMT_BARRIER_OR };

// One per kernel entry, exported as simt_kernel_NAME.
struct simt_kernel {
    void (*call)(void** arguments);
    u32 argument_count;
    const u32* argument_sizes;
    u32 checked;              // 1: the module was compiled with access hooks
    u32 most_threads;         // of a block
    void* (*shared_anchor)(); // touches the module's thread-local segment, which is the block's static shared memory
};

extern "C" {
__attribute__((const)) simt_thread* simt_self(); // const: the answer never changes within one fiber
int simt_barrier(int kind, int predicate);
void simt_collective(simt_collective_function function, u32 mask, void* argument); // null: __syncwarp
void simt_note_read(const void* address, size_t bytes);
void simt_note_write(const void* address, size_t bytes);
void simt_note_atomic(const void* address, size_t bytes);
void simt_async_copy(void* shared, const void* global, u32 bytes); // global null: zeros
void simt_async_commit();
void simt_async_wait(u32 pending_groups);
[[noreturn]] void simt_trap(const char* message);
void simt_yield();
}
