#include "launch.h"
#include "memory.h"
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace {
struct Job {
    const Launch* launch;
    u64 blocks, offset;
    u32 number;
    std::atomic<u64> next{0};
    std::atomic<int> code{0};
    u32 running;
};
// Never destroyed: the pool's threads outlive static destructors.
auto& guard = *new std::mutex;
auto& started = *new std::condition_variable;
auto& finished = *new std::condition_variable;
auto& error_text = *new std::string;
Job* job;
u64 job_number;
u32 pool_size;
std::atomic<u64> switch_count{0}, launch_count{0};
size_t unseen; // unchecked kernels wrote, unseen, into some of the allocations before this offset

// Finds the thread-local segment of the module that holds the kernel.
int find_static_shared(dl_phdr_info* info, size_t, void* data) {
    auto* w = (Worker*)data;
    const auto address = (uintptr_t)w->launch->kernel;
    bool mine = false;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const auto& p = info->dlpi_phdr[i];
        mine |= p.p_type == PT_LOAD && address >= info->dlpi_addr + p.p_vaddr && address < info->dlpi_addr + p.p_vaddr + p.p_memsz;
    }
    if (!mine) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_TLS && info->dlpi_tls_data) {
            w->static_region.base = (unsigned char*)info->dlpi_tls_data;
            w->static_region.bytes = info->dlpi_phdr[i].p_memsz;
        }
    return 1;
}

void run_blocks(Worker* w, Job* j) {
    const Launch& launch = *j->launch;
    w->launch = &launch;
    w->checked = launch.kernel->checked;
    w->launch_number = j->number;
    w->static_region.bytes = 0;
    launch.kernel->shared_anchor();
    dl_iterate_phdr(find_static_shared, w);
    for (u64 i; !j->code && (i = j->next++) < j->blocks;) {
        i = (i + j->offset) % j->blocks;
        const u64 x = launch.grid[0], y = launch.grid[1];
        run_block(w, launch, (u32)(i % x), (u32)(i / x % y), (u32)(i / (x * y)));
        int none = 0;
        if (w->failed && j->code.compare_exchange_strong(none, w->failed)) set_last_error(w->error);
    }
    switch_count += w->switches;
    w->switches = 0;
}

void pool_thread() {
    Worker* w = new_worker();
    worker = w;
    stack_t alternate{};
    alternate.ss_sp = malloc(64 << 10);
    alternate.ss_size = 64 << 10;
    sigaltstack(&alternate, nullptr);
    u64 seen = 0;
    for (;;) {
        Job* mine;
        {
            std::unique_lock lock(guard);
            started.wait(lock, [&] { return job_number != seen; });
            seen = job_number;
            mine = job;
        }
        run_blocks(w, mine);
        std::lock_guard lock(guard);
        if (--mine->running == 0) finished.notify_all();
    }
}
}

void set_last_error(const std::string& message) {
    static auto& error_guard = *new std::mutex;
    std::lock_guard lock(error_guard);
    error_text = message;
}
const char* last_error() { return error_text.c_str(); }
u64 fiber_switches() { return switch_count; }
u64 launches() { return launch_count; }

int run_launch(const Launch& launch) {
    if (!pool_size) {
        install_fault_handlers();
        const u64 wanted = settings.threads ? (u64)settings.threads : std::max(1u, std::thread::hardware_concurrency());
        pool_size = (u32)std::min<u64>(wanted, 16);
        sigset_t all, before; // the pool takes no signals but its own faults
        sigfillset(&all);
        for (int s : {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE}) sigdelset(&all, s);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        for (u32 i = 0; i < pool_size; i++) std::thread(pool_thread).detach();
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }
    if (!launch.kernel->checked) unseen = device_memory.end();
    else if (unseen) {
        device_memory.mark_initialised_before(unseen);
        unseen = 0;
    }
    Job j;
    j.launch = &launch;
    j.blocks = (u64)launch.grid[0] * launch.grid[1] * launch.grid[2];
    j.offset = settings.seed % j.blocks;
    j.number = (u32)(++launch_count % 4095 + 1);
    j.running = pool_size;
    std::unique_lock lock(guard);
    job = &j;
    job_number++;
    started.notify_all();
    finished.wait(lock, [&] { return j.running == 0; });
    return j.code;
}
