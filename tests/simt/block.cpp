// Schedules the fibers of one block: which runs next, barriers, warp collectives, exits.
#include "block.h"
#include "fiber.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

Settings settings;
thread_local Worker* worker __attribute__((tls_model("initial-exec")));
thread_local Fiber* current __attribute__((tls_model("initial-exec")));

u64 Worker::random() {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void leave_block() {
    void* unused;
    simt_switch(&unused, worker->main_stack);
    __builtin_unreachable();
}

void fail(int code, const char* format, ...) {
    char message[600], where[900];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    const uint3 b = worker->block.index, t = current->index;
    snprintf(where, sizeof where, "block (%u,%u,%u) thread (%u,%u,%u) of kernel %s: %s", b.x, b.y, b.z, t.x, t.y, t.z,
             worker->launch->name, message);
    worker->failed = code;
    worker->error = where;
    leave_block();
    __builtin_unreachable();
}

static void report_deadlock() {
    Worker* w = worker;
    std::string what = "deadlock: " + std::to_string(w->arrived) + " of " + std::to_string(w->live) + " live threads wait at __syncthreads";
    char text[120];
    for (u32 i = 0; i < w->warps_used; i++)
        for (u32 c = 0; c < w->warps[i].waiting && what.size() < 400; c++) {
            const Collective& x = w->warps[i].collectives[c];
            snprintf(text, sizeof text, "; warp %u waits at a collective of lanes %08x, arrived %08x", i, x.mask, x.arrived);
            what += text;
        }
    fail(719, "%s", what.c_str());
}

// The next set bit after `from`, round robin; any set bit where a seed shuffles the order.
static u32 pick(Worker* w, u32 bits, u32 from) {
    if (w->seed) {
        const u32 r = (u32)w->random() & 31;
        const u32 turned = r ? bits >> r | bits << (32 - r) : bits;
        return ((u32)__builtin_ctz(turned) + r) & 31;
    }
    const u32 later = from < 31 ? bits & ~((2u << from) - 1) : 0;
    return (u32)__builtin_ctz(later ? later : bits);
}

void schedule() {
    Worker* w = worker;
    Fiber* from = current;
    if (!w->ready_warps) report_deadlock();
    u32 warp = from->warp;
    if (!w->warps[warp].ready || (w->seed && (w->random() & 3) == 0)) warp = pick(w, w->ready_warps, warp);
    Fiber* next = &w->fibers[warp * 32 + pick(w, w->warps[warp].ready, warp == from->warp ? from->lane : 31)];
    if (next == from) return;
    current = next;
    w->switches++;
    simt_switch(&from->stack, next->stack);
}

static void set_ready(Worker* w, u32 warp, u32 lanes) {
    w->warps[warp].ready |= lanes;
    w->ready_warps |= 1u << warp;
}
static void clear_ready(Worker* w, const Fiber* f) {
    if (!(w->warps[f->warp].ready &= ~(1u << f->lane))) w->ready_warps &= ~(1u << f->warp);
}

static void open_barrier(Worker* w) {
    w->barrier_result = w->barrier_sum;
    w->arrived = 0;
    w->epoch++;
    for (u32 i = 0; i < w->warps_used; i++)
        if (const u32 alive = w->warps[i].all & ~w->warps[i].exited) set_ready(w, i, alive);
}

static bool complete(const Warp& warp, const Collective& c) { return !(c.mask & warp.all & ~warp.exited & ~c.arrived); }
static void finish(Worker* w, u32 warp_index, u32 c) {
    Warp& warp = w->warps[warp_index];
    Collective& x = warp.collectives[c];
    const u32 arrived = x.arrived;
    if (x.function) x.function(x.arguments, arrived);
    else warp.epoch++;
    if (c != --warp.waiting) x = warp.collectives[warp.waiting];
    set_ready(w, warp_index, arrived);
}

static void fiber_main() {
    Worker* w = worker;
    w->launch->kernel->call(w->launch->arguments);
    Fiber* f = current;
    if (!f->copies.empty()) fail(719, "thread exits with cp.async copies that were never waited for");
    Warp& warp = w->warps[f->warp];
    warp.exited |= 1u << f->lane;
    clear_ready(w, f);
    w->live--;
    for (u32 c = warp.waiting; c-- > 0;)
        if (complete(warp, warp.collectives[c])) finish(w, f->warp, c);
    if (!w->live) leave_block();
    if (w->arrived == w->live) open_barrier(w);
    schedule();
    __builtin_unreachable();
}

extern "C" {
simt_thread* simt_self() { return current; }
void simt_yield() { schedule(); }
void simt_trap(const char* message) { fail(message[0] == 'm' ? 716 : 719, "%s", message); }

int simt_barrier(int kind, int predicate) {
    Worker* w = worker;
    if (w->arrived == 0) {
        w->barrier_kind = (u32)kind;
        w->barrier_sum = kind == SIMT_BARRIER_AND;
    } else if (w->barrier_kind != (u32)kind) fail(719, "mixed barriers: different kinds of __syncthreads meet");
    const u32 truth = predicate != 0;
    if (kind == SIMT_BARRIER_COUNT) w->barrier_sum += truth;
    if (kind == SIMT_BARRIER_AND) w->barrier_sum &= truth;
    if (kind == SIMT_BARRIER_OR) w->barrier_sum |= truth;
    if (++w->arrived == w->live) open_barrier(w);
    else {
        clear_ready(w, current);
        schedule();
    }
    return (int)w->barrier_result;
}

void simt_collective(simt_collective_function function, u32 mask, void* argument) {
    Worker* w = worker;
    Fiber* f = current;
    Warp& warp = w->warps[f->warp];
    if (!(mask >> f->lane & 1)) fail(719, "mixed collectives: lane %u is not in its own mask %08x", f->lane, mask);
    u32 c = 0;
    while (c < warp.waiting && warp.collectives[c].mask != mask) c++;
    Collective& x = warp.collectives[c];
    if (c == warp.waiting) {
        warp.waiting++;
        x.mask = mask;
        x.arrived = 0;
        x.function = function;
    } else if (x.function != function) fail(719, "mixed collectives: lanes of one mask are at different warp functions");
    x.arguments[f->lane] = argument;
    x.arrived |= 1u << f->lane;
    if (complete(warp, x)) {
        finish(w, f->warp, c);
        return;
    }
    clear_ready(w, f);
    if (w->seed || !warp.ready) {
        schedule();
        return;
    }
    // What schedule() would do, for the case that matters to speed: the next lane of this warp.
    const u32 later = f->lane < 31 ? warp.ready & ~((2u << f->lane) - 1) : 0;
    Fiber* next = f + ((int)__builtin_ctz(later ? later : warp.ready) - (int)f->lane);
    current = next;
    w->switches++;
    simt_switch(&f->stack, next->stack);
}
}

Worker* new_worker() {
    auto* w = new Worker();
    w->fibers.resize(most_threads);
    w->warps.resize(32);
    w->stack_bytes = ((size_t)settings.stack + 4095) / 4096 * 4096 + 4096;
    auto reserve = [](size_t bytes) {
        return (unsigned char*)mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    };
    w->stacks = reserve(w->stack_bytes * most_threads);
    for (u32 i = 0; i < most_threads; i++) mprotect(w->stacks + i * w->stack_bytes, 4096, PROT_NONE); // an overflow faults
    w->dynamic_memory = reserve(most_dynamic_shared);
    return w;
}

// Poisoned with 0xff, NaN in every float format.
static void reset(SharedRegion& region, size_t used, bool checked) {
    if (used) memset(region.base, 0xff, used);
    if (checked) region.shadow.assign(used, SharedShadow{});
}

void run_block(Worker* w, const Launch& launch, u32 x, u32 y, u32 z) {
    w->launch = &launch;
    w->seed = settings.seed;
    w->block_number = (u32)(((u64)z * launch.grid[1] + y) * launch.grid[0] + x);
    w->threads = w->live = launch.block[0] * launch.block[1] * launch.block[2];
    w->warps_used = (w->threads + 31) / 32;
    w->arrived = w->failed = 0;
    w->epoch = 1;
    const auto &b = launch.block, &g = launch.grid;
    w->block = {{x, y, z}, {b[0], b[1], b[2]}, {g[0], g[1], g[2]}, w->dynamic_memory};
    w->random_state = ((w->seed + 1) * 0x9e3779b97f4a7c15ull ^ (w->block_number + 1) * 0xd1342543de82ef95ull) | 1;
    w->dynamic_region.base = w->dynamic_memory;
    w->dynamic_region.bytes = most_dynamic_shared;
    reset(w->dynamic_region, launch.dynamic_shared, w->checked);
    reset(w->static_region, w->static_region.bytes, w->checked);
    w->ready_warps = 0;
    for (u32 i = 0; i < w->warps_used; i++) {
        const u32 lanes = w->threads - i * 32;
        w->warps[i].all = lanes >= 32 ? ~0u : (1u << lanes) - 1;
        w->warps[i].ready = w->warps[i].exited = w->warps[i].waiting = 0;
        w->warps[i].epoch = 1;
        set_ready(w, i, w->warps[i].all);
    }
    for (u32 t = 0; t < w->threads; t++) {
        Fiber& f = w->fibers[t];
        f.index = {t % launch.block[0], t / launch.block[0] % launch.block[1], t / (launch.block[0] * launch.block[1])};
        f.linear = t;
        f.lane = t & 31;
        f.warp = t >> 5;
        f.block = &w->block;
        f.copies.clear();
        f.groups.clear();
        // Staggered, so that the stacks do not all fall into the same cache sets.
        f.stack = new_fiber(w->stacks + (t + 1) * w->stack_bytes - t * 192 % 4096, fiber_main);
    }
    current = &w->fibers[w->seed ? pick(w, w->ready_warps, 0) * 32 : 0];
    simt_switch(&w->main_stack, current->stack);
    current = nullptr;
}
