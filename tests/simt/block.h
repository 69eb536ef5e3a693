// A running block: its fibers, warps and barrier, and what the checkers remember of its shared memory.
#pragma once
#include "include/simt_abi.h"
#include <atomic>
#include <string>
#include <vector>

struct Launch {
    const simt_kernel* kernel;
    const char* name;
    u32 grid[3], block[3];
    u32 dynamic_shared;
    void** arguments;
};

// Settings, by simt_configure.
struct Settings { std::atomic<u64> seed{0}, threads{0}, stack{64 << 10}, eager{0}, verbose{0}; };
extern Settings settings;

constexpr u32 most_threads = 1024, most_dynamic_shared = 227 << 10;

struct AsyncCopy { unsigned char* to; u32 bytes; unsigned char data[16]; };
struct Fiber : simt_thread {
    void* stack;
    std::vector<AsyncCopy> copies;
    std::vector<u32> groups; // number of copies that precede the end of each committed group
};

struct Collective { u32 mask, arrived; simt_collective_function function; void* arguments[32]; };
struct Warp { u32 all, ready, exited, epoch, waiting; Collective collectives[32]; }; // epoch: counts __syncwarp

enum SharedState : unsigned char { SharedUninitialised, SharedInitialised, SharedInFlight }; // in flight: cp.async not waited for
struct SharedShadow { u32 write_clock, read_clock; u16 writer, reader; SharedState state; };
struct SharedRegion {
    const char* name;
    unsigned char* base = nullptr;
    size_t bytes = 0;
    std::vector<SharedShadow> shadow;
    bool holds(const void* p) const { return (size_t)((const unsigned char*)p - base) < bytes; }
};

struct Worker {
    const Launch* launch;
    simt_block block;
    u32 threads, warps_used, live, arrived, barrier_kind, barrier_sum, barrier_result, epoch, ready_warps, block_number, launch_number;
    bool checked;
    u64 seed, random_state, switches;
    std::vector<Fiber> fibers;
    std::vector<Warp> warps;
    unsigned char* stacks;
    size_t stack_bytes;
    unsigned char* dynamic_memory; // most_dynamic_shared bytes
    SharedRegion dynamic_region{"dynamic shared memory", nullptr, 0, {}}, static_region{"static shared memory", nullptr, 0, {}};
    void* main_stack;
    int failed;
    std::string error;
    alignas(64) unsigned char fault_stack[16 << 10];
    u64 random();
};
extern thread_local Worker* worker __attribute__((tls_model("initial-exec")));
extern thread_local Fiber* current __attribute__((tls_model("initial-exec")));

Worker* new_worker();
void run_block(Worker* w, const Launch& launch, u32 x, u32 y, u32 z);
void schedule(); // leaves the current fiber, ready or not, for another
[[noreturn]] void fail(int code, const char* format, ...) __attribute__((format(printf, 2, 3)));

enum class Access { Read, Write, Atomic, AsyncWrite };
void check_access(const void* address, size_t bytes, Access kind);
SharedRegion* shared_region(const void* address);
