// Checked mode: every access of a kernel comes through here by the compiler's -fsanitize=thread hooks, with our meaning of them.
#include "block.h"
#include "memory.h"

namespace {
constexpr u16 several_warps = 0xffff, several_lanes = 0x8000, was_atomic = 0x8000; // reader: several_lanes | warp

u32 clock_of(const Worker* w, u32 warp) { return w->epoch << 16 | (w->warps[warp].epoch & 0xffff); }
u32 warp_of(u16 who) { return who & several_lanes ? who & 0x7fff : (u32)(who - 1) >> 5; }

// An earlier access is ordered before this one by a block barrier since, or, in the same warp, by a __syncwarp since.
bool ordered(u16 who, u32 clock, u16 me, u32 warp, u32 now) {
    if (who == 0 || who == me || clock >> 16 != now >> 16) return true;
    return who != several_warps && warp_of(who) == warp && clock != now;
}

void check_shared(Worker* w, SharedRegion& region, size_t offset, size_t bytes, Access kind) {
    const char* verb = kind == Access::Read ? "read" : kind == Access::Atomic ? "atomic update" : "write";
    const size_t size = region.shadow.size();
    if (offset + bytes > size)
        fail(700, "out of bounds: %s of %zu bytes at %s offset %zu, which has %zu bytes", verb, bytes, region.name, offset, size);
    if (w->seed && (w->random() & 63) == 0) schedule(); // another thread may come first
    const Fiber* f = current;
    const u16 me = (u16)(f->linear + 1);
    const u32 warp = f->warp, now = clock_of(w, warp);
    const bool atomic = kind == Access::Atomic;
    for (size_t i = 0; i < bytes; i++) {
        SharedShadow& s = region.shadow[offset + i];
        const u16 writer = s.writer & 0x7fff;
        if (!(atomic && (s.writer & was_atomic)) && !ordered(writer, s.write_clock, me, warp, now))
            fail(719, "shared-memory race: %s of %s byte %zu, which thread %u wrote with no barrier between", verb, region.name, offset + i,
                 writer - 1);
        if (kind == Access::Read || atomic) {
            if (s.state == SharedInFlight)
                fail(719, "cp.async not waited for: %s of %s byte %zu, whose copy is in flight", verb, region.name, offset + i);
            if (s.state == SharedUninitialised)
                fail(719, "uninitialised: %s of %s byte %zu, which nothing wrote", verb, region.name, offset + i);
        }
        if (kind == Access::Read) {
            const bool same_epoch = s.reader && s.read_clock >> 16 == now >> 16;
            if (!same_epoch || s.reader == me) s.reader = me;
            else if (s.reader == several_warps || warp_of(s.reader) != warp) s.reader = several_warps;
            else s.reader = s.read_clock == now ? (u16)(several_lanes | warp) : me;
            s.read_clock = now;
            continue;
        }
        if (!(atomic && (s.writer & was_atomic)) && !ordered(s.reader, s.read_clock, me, warp, now))
            fail(719, "shared-memory race: %s of %s byte %zu, which another thread read with no barrier between", verb, region.name,
                 offset + i);
        s.writer = me | (atomic ? was_atomic : 0);
        s.write_clock = now;
        s.state = kind == Access::AsyncWrite ? SharedInFlight : SharedInitialised;
    }
}

void check_device(Worker* w, const void* address, size_t bytes, Access kind) {
    const char* verb = kind == Access::Read ? "read" : kind == Access::Atomic ? "atomic update" : "write";
    const size_t offset = device_memory.offset(address);
    unsigned char* state = device_memory.state + offset;
    for (size_t i = 0; i < bytes; i++) {
        if (state[i] == Unallocated)
            fail(700, "out of bounds: %s of %zu bytes at device address %p, outside every allocation", verb, bytes, address);
        if (state[i] == Uninitialised && kind != Access::Write)
            fail(719, "uninitialised: %s of device address %p, which nothing wrote", verb, address);
        if (kind != Access::Read) state[i] = Initialised;
    }
    if (kind == Access::Atomic) return;
    const u64 now = (u64)(current->linear + 1) << 32 | clock_of(w, current->warp);
    const u32 mine = w->launch_number << 20 | (w->block_number % 0xfffff + 1);
    for (size_t pair = offset / 2; pair <= (offset + bytes - 1) / 2; pair++) {
        u32* slot = &device_memory.last_writer[pair];
        const u32 was = __atomic_load_n(slot, __ATOMIC_RELAXED);
        if (was && was != mine && was >> 20 == w->launch_number)
            fail(719, "cross-block race: %s of device address %p, which block number %u of the same launch wrote", verb, address,
                 (was & 0xfffff) - 1);
        uint64_t* write = &device_memory.last_write[pair];
        const u64 before = __atomic_load_n(write, __ATOMIC_RELAXED);
        if (was == mine && !ordered((u16)(before >> 32), (u32)before, (u16)(now >> 32), current->warp, (u32)now))
            fail(719, "device-memory race: %s of device address %p, which thread %u of the block wrote with no barrier between", verb,
                 address, (u32)(before >> 32) - 1);
        if (kind != Access::Write) continue;
        __atomic_store_n(slot, mine, __ATOMIC_RELAXED);
        __atomic_store_n(write, now, __ATOMIC_RELAXED);
    }
}
}

SharedRegion* shared_region(const void* address) {
    if (worker->dynamic_region.holds(address)) return &worker->dynamic_region;
    if (worker->static_region.holds(address)) return &worker->static_region;
    return nullptr;
}

void check_access(const void* address, size_t bytes, Access kind) {
    Worker* w = worker;
    if (!w || !w->checked || !bytes) return;
    if (device_memory.holds(address)) check_device(w, address, bytes, kind);
    else if (SharedRegion* region = shared_region(address))
        check_shared(w, *region, (size_t)((unsigned char*)address - region->base), bytes, kind);
}

static void aligned_access(const void* address, size_t bytes, Access kind) {
    if (worker && worker->checked && ((uintptr_t)address & (bytes - 1)) && (device_memory.holds(address) || shared_region(address)))
        fail(716, "misaligned access of %zu bytes at %p", bytes, address);
    check_access(address, bytes, kind);
}

extern "C" {
void simt_note_read(const void* address, size_t bytes) { check_access(address, bytes, Access::Read); }
void simt_note_write(const void* address, size_t bytes) { check_access(address, bytes, Access::Write); }
void simt_note_atomic(const void* address, size_t bytes) { aligned_access(address, bytes, Access::Atomic); }

#define HOOKS(n) \
    void __tsan_read##n(void* p) { aligned_access(p, n, Access::Read); } \
    void __tsan_write##n(void* p) { aligned_access(p, n, Access::Write); } \
    void __tsan_unaligned_read##n(void* p) { check_access(p, n, Access::Read); } \
    void __tsan_unaligned_write##n(void* p) { check_access(p, n, Access::Write); }
HOOKS(1) HOOKS(2) HOOKS(4) HOOKS(8) HOOKS(16)
void __tsan_read_range(void* p, size_t n) { check_access(p, n, Access::Read); }
void __tsan_write_range(void* p, size_t n) { check_access(p, n, Access::Write); }
void* __tsan_memcpy(void* to, const void* from, size_t n) {
    check_access(from, n, Access::Read);
    check_access(to, n, Access::Write);
    return __builtin_memcpy(to, from, n);
}
void* __tsan_memset(void* to, int value, size_t n) {
    check_access(to, n, Access::Write);
    return __builtin_memset(to, value, n);
}
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}
}
