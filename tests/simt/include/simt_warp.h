// Warp collectives: the last lane to arrive computes everyone's result.
#pragma once

static inline void __syncwarp(u32 mask = 0xffffffffu) { simt_collective(nullptr, mask, nullptr); }
static inline u32 __activemask() { return 0xffffffffu; }

enum simt_shuffle_kind { SIMT_INDEXED, SIMT_UP, SIMT_DOWN, SIMT_XOR };
template <class T> struct simt_shuffle_argument { T value, result; int source, width; };

template <int kind, class T> SIMT_INTERNAL static void simt_shuffle_all(void** arguments, u32 mask) {
    for (int lane = 0; lane < 32; lane++) {
        if (!(mask >> lane & 1)) continue;
        auto* own = (simt_shuffle_argument<T>*)arguments[lane];
        const int width = own->width, first = lane & ~(width - 1), inside = lane & (width - 1);
        int source;
        if (kind == SIMT_INDEXED) source = first + (own->source & (width - 1));
        else if (kind == SIMT_UP) source = inside < own->source ? lane : lane - own->source;
        else if (kind == SIMT_DOWN) source = inside + own->source >= width ? lane : lane + own->source;
        else { source = lane ^ own->source; if (source >= first + width) source = lane; }
        if (mask >> source & 1) own->result = ((simt_shuffle_argument<T>*)arguments[source])->value;
        else memset((void*)&own->result, 0xff, sizeof(T)); // undefined on a GPU: a poisoned value here
    }
}
template <int kind, class T> SIMT_INTERNAL static inline T simt_shuffle(u32 mask, T value, int source, int width) {
    simt_shuffle_argument<T> argument{value, value, source, width};
    simt_collective(simt_shuffle_all<kind, T>, mask, &argument);
    return argument.result;
}
template <class T> static inline T __shfl_sync(u32 mask, T v, int lane, int width = 32) {
    return simt_shuffle<SIMT_INDEXED>(mask, v, lane, width);
}
template <class T> static inline T __shfl_up_sync(u32 mask, T v, u32 d, int width = 32) {
    return simt_shuffle<SIMT_UP>(mask, v, (int)d, width);
}
template <class T> static inline T __shfl_down_sync(u32 mask, T v, u32 d, int width = 32) {
    return simt_shuffle<SIMT_DOWN>(mask, v, (int)d, width);
}
template <class T> static inline T __shfl_xor_sync(u32 mask, T v, int x, int width = 32) {
    return simt_shuffle<SIMT_XOR>(mask, v, x, width);
}

// Votes and integer reductions: a fold over the lanes in ascending order.
struct simt_fold_argument { u64 value, result; };
#define SIMT_FOLD(name, initial, step) \
    SIMT_INTERNAL static __attribute__((unused)) void name(void** arguments, u32 mask) { \
        u64 sum = initial; \
        for (u32 lane = 0; lane < 32; lane++) \
            if (mask >> lane & 1) { const u64 value = ((simt_fold_argument*)arguments[lane])->value; sum = step; } \
        for (u32 lane = 0; lane < 32; lane++) \
            if (mask >> lane & 1) ((simt_fold_argument*)arguments[lane])->result = sum; \
    }
SIMT_FOLD(simt_fold_ballot, 0, value ? sum | 1ull << lane : sum)
SIMT_FOLD(simt_fold_any, 0, sum | value)
SIMT_FOLD(simt_fold_all, 1, sum & value)
SIMT_FOLD(simt_fold_add, 0, sum + value)
SIMT_FOLD(simt_fold_unsigned_min, ~0ull, value < sum ? value : sum)
SIMT_FOLD(simt_fold_unsigned_max, 0, value > sum ? value : sum)
SIMT_FOLD(simt_fold_signed_min, (u64)INT64_MAX, (long long)value < (long long)sum ? value : sum)
SIMT_FOLD(simt_fold_signed_max, (u64)INT64_MIN, (long long)value > (long long)sum ? value : sum)
SIMT_FOLD(simt_fold_and, ~0ull, sum & value)
SIMT_FOLD(simt_fold_or, 0, sum | value)
SIMT_FOLD(simt_fold_xor, 0, sum ^ value)
SIMT_INTERNAL static __attribute__((unused)) void simt_fold_match_any(void** arguments, u32 mask) {
    auto at = [&](u32 lane) SIMT_INTERNAL { return (simt_fold_argument*)arguments[lane]; };
    for (u32 lane = 0; lane < 32; lane++) {
        if (!(mask >> lane & 1)) continue;
        at(lane)->result = 0;
        for (u32 other = 0; other < 32; other++)
            if ((mask >> other & 1) && at(other)->value == at(lane)->value) at(lane)->result |= 1ull << other;
    }
}
SIMT_INTERNAL static inline u64 simt_fold(simt_collective_function function, u32 mask, u64 value) {
    simt_fold_argument argument{value, 0};
    simt_collective(function, mask, &argument);
    return argument.result;
}
static inline u32 __ballot_sync(u32 mask, int p) { return (u32)simt_fold(simt_fold_ballot, mask, p != 0); }
static inline int __any_sync(u32 mask, int p) { return (int)simt_fold(simt_fold_any, mask, p != 0); }
static inline int __all_sync(u32 mask, int p) { return (int)simt_fold(simt_fold_all, mask, p != 0); }
static inline u32 __match_any_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_match_any, mask, v); }
static inline u32 __match_any_sync(u32 mask, int v) { return (u32)simt_fold(simt_fold_match_any, mask, (u32)v); }
static inline u32 __match_any_sync(u32 mask, u64 v) { return (u32)simt_fold(simt_fold_match_any, mask, v); }
static inline u32 __match_any_sync(u32 mask, float v) { return (u32)simt_fold(simt_fold_match_any, mask, __float_as_uint(v)); }
static inline u32 __reduce_add_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_add, mask, v); }
static inline int __reduce_add_sync(u32 mask, int v) { return (int)simt_fold(simt_fold_add, mask, (u32)v); }
static inline u32 __reduce_min_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_unsigned_min, mask, v); }
static inline u32 __reduce_max_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_unsigned_max, mask, v); }
static inline int __reduce_min_sync(u32 mask, int v) { return (int)simt_fold(simt_fold_signed_min, mask, (u64)(long long)v); }
static inline int __reduce_max_sync(u32 mask, int v) { return (int)simt_fold(simt_fold_signed_max, mask, (u64)(long long)v); }
static inline u32 __reduce_and_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_and, mask, v); }
static inline u32 __reduce_or_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_or, mask, v); }
static inline u32 __reduce_xor_sync(u32 mask, u32 v) { return (u32)simt_fold(simt_fold_xor, mask, v); }
