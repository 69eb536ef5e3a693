// Atomics, by the host's own: blocks run on several threads of the CPU.
#pragma once

#if defined(SIMT_CHECKED)
#define SIMT_NOTE_ATOMIC(address) simt_note_atomic(address, sizeof *(address))
#else
#define SIMT_NOTE_ATOMIC(address) ((void)0)
#endif
#define SIMT_ATOMIC(name, type, updated) \
    SIMT_INTERNAL static __noinline__ __attribute__((unused)) type name(type* address, type value) { \
        SIMT_NOTE_ATOMIC(address); \
        type old; \
        __atomic_load(address, &old, __ATOMIC_RELAXED); \
        for (;;) { \
            type next = updated; \
            if (__atomic_compare_exchange(address, &old, &next, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return old; \
        } \
    }
#define SIMT_INTEGER_ATOMICS(type) \
    SIMT_ATOMIC(atomicAdd, type, (type)(old + value)) \
    SIMT_ATOMIC(atomicMin, type, (value < old ? value : old)) \
    SIMT_ATOMIC(atomicMax, type, (value > old ? value : old)) \
    SIMT_ATOMIC(atomicExch, type, value) \
    SIMT_ATOMIC(atomicAnd, type, (type)(old & value)) \
    SIMT_ATOMIC(atomicOr, type, (type)(old | value)) \
    SIMT_ATOMIC(atomicXor, type, (type)(old ^ value))
SIMT_INTEGER_ATOMICS(int)
SIMT_INTEGER_ATOMICS(u32)
SIMT_INTEGER_ATOMICS(long long)
SIMT_INTEGER_ATOMICS(u64)
SIMT_ATOMIC(atomicSub, int, (int)((u32)old - (u32)value))
SIMT_ATOMIC(atomicSub, u32, old - value)
SIMT_ATOMIC(atomicInc, u32, (old >= value ? 0u : old + 1))
SIMT_ATOMIC(atomicDec, u32, (old == 0 || old > value ? value : old - 1))
SIMT_ATOMIC(atomicAdd, float, old + value)
SIMT_ATOMIC(atomicAdd, double, old + value)
SIMT_ATOMIC(atomicExch, float, value)

template <class T> SIMT_INTERNAL static __noinline__ T atomicCAS(T* address, T expected, T value) {
    SIMT_NOTE_ATOMIC(address);
    __atomic_compare_exchange(address, &expected, &value, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}
