// Block-wide parts of sample_nucleus_draw: prefix sums, and the search for the logit at which a filter cuts.
#pragma once
#include "sample_nucleus.cuh"

#define DRAW_THREADS 512
#define DRAW_WARPS (DRAW_THREADS / 32)
#define CAPACITY 4096  // candidates of a list; also the most groups that a row has
#define BINS 1024

struct Scratch {
    u64 masses[CAPACITY];  // running masses: of candidates, of groups or of chunks
    u32 keys[CAPACITY];    // of group maxima, then of candidates; without a list, ties before a group
    u32 ids[CAPACITY];     // of candidates
    u32 bins[BINS];        // counts, or lower halves of masses
    u32 upper[BINS];       // upper halves of masses
    u16 groups[CAPACITY];  // groups whose maximum reaches the floor, ascending
};
static_assert(sizeof(Scratch) == 81920, "SampleNucleus.cs");

// What the threads of a block tell each other.
struct Exchange {
    u64 warps[2 * DRAW_WARPS];
    u32 halves[2][2 * DRAW_WARPS];
    u64 above;  // what lies above the crossing bin
    u64 natural_mass;
    int bin;
    u32 first;
    double log_mass;
    double log_natural;
};

// Sum over the lanes up to this one.
template <class T>
__device__ __forceinline__ T warp_running(T sum, int lanes) {
#pragma unroll
    for (int step = 1; step < lanes; step *= 2) {
        const T other = __shfl_up_sync(0xffffffffu, sum, step);
        sum += threadIdx.x % 32 >= step ? other : 0;
    }
    return sum;
}

__device__ __forceinline__ u64 lanes_sum(u64 value, int lanes) {
    for (int step = lanes / 2; step > 0; step /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, step);
    return value;
}

// Sum over the threads before this one; `total` over all. Every thread of the block calls it.
template <class T>
__device__ __forceinline__ T block_before(T own, Exchange* exchange, T* total) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const T running = warp_running(own, 32);
    __syncthreads();
    if (lane == 31)
        exchange->warps[warp] = running;
    __syncthreads();
    const T sums = warp_running((T)(lane < DRAW_WARPS ? exchange->warps[lane] : 0), DRAW_WARPS);
    *total = __shfl_sync(0xffffffffu, sums, DRAW_WARPS - 1);
    const T before = __shfl_sync(0xffffffffu, sums, warp > 0 ? warp - 1 : 0);
    return (warp > 0 ? before : 0) + running - own;
}

// Where a filter cuts the order (logit descending, id ascending): larger keys survive, and the first `keep` of the equal ones.
struct Cut {
    u32 key;
    u32 keep;
};

#define KEEP_ALL 0xffffffffu

__device__ __forceinline__ Cut tighter(Cut a, Cut b) {
    if (a.key != b.key)
        return a.key > b.key ? a : b;
    return a.keep < b.keep ? a : b;
}

struct Weights {
    float maximum;
    ExpScale scale;
};

__device__ __forceinline__ u64 weight_of_key(u32 key, Weights weights) {
    return fixed_point(weight_of(logit_of(key) - weights.maximum, weights.scale));
}

// Bins of equal width in the logit, 0 at the maximum; monotone in the key, and all that lies beyond the last bin is in it.
struct LinearBins {
    float maximum;
    float per_unit;

    __device__ __forceinline__ u32 operator()(u32 key) const { return (u32)fminf((maximum - logit_of(key)) * per_unit, BINS - 1.0f); }
};

// The smallest key in [low, high] whose bin is at most `bin`, as that of `high` is. By whole warps.
__device__ __forceinline__ u32 first_key(LinearBins bin_of, u32 low, u32 high, u32 bin) {
    const u32 lane = threadIdx.x % 32;
#pragma unroll 1
    while (low < high) {
        const u32 step = (high - low) / 32 + 1;
        const u32 probe = low + step * lane < high ? low + step * lane : high;
        const u32 fits = __ballot_sync(0xffffffffu, bin_of(probe) <= bin);
        const u32 before = fits != 0 ? (u32)__ffs((int)fits) - 1 : 32;
        if (fits != 0 && low + step * before < high)
            high = low + step * before;
        if (before > 0)
            low += step * (before - 1) + 1;
    }
    return low;
}

// Adds to a bin what the lanes have for it: a count of 1, or a mass. Lanes that all mean one bin add up first; equal logits do so by
// the thousand. A mass is two integers of 32 bits, since shared memory has no addition of 64: whoever sees the lower one wrap carries.
template <bool by_count>
__device__ __forceinline__ void add_to_bin(bool counts, u32 bin, u32 key, Weights weights, Scratch* scratch) {
    const u32 counting = __ballot_sync(0xffffffffu, counts);
    if (counting == 0)
        return;
    const u32 first = __shfl_sync(0xffffffffu, bin, __ffs((int)counting) - 1);
    const bool alike = __ballot_sync(0xffffffffu, counts && bin != first) == 0;
    u64 amount = by_count ? 1 : counts ? weight_of_key(key, weights) : 0;
    if (alike) {
        bin = first;
        counts = threadIdx.x % 32 == 0;
        if (by_count) {
            amount = __popc(counting);
        } else {
            const u32 low = __reduce_add_sync(0xffffffffu, (u32)amount & 0x3fffffu);
            const u32 high = __reduce_add_sync(0xffffffffu, (u32)(amount >> 22));
            amount = ((u64)high << 22) + low;
        }
    }
    if (!counts)
        return;
    const u32 old = atomicAdd(&scratch->bins[bin], (u32)amount);
    if (!by_count) {
        const u32 upper = (u32)(amount >> 32) + (old + (u32)amount < old ? 1u : 0u);
        if (upper != 0)
            atomicAdd(&scratch->upper[bin], upper);
    }
}

// The tightest cut that keeps a count (T = u32), or else a mass (T = u64), of at least `target`; everything from `low` on where the
// source has less. `source(visit)` calls `visit(key)` for all keys, in any order, by whole warps; those outside [low, high] do not
// count; `high` is the maximum's. Each round divides the range into at most 1,024 bins and goes on in the one where the sum from above
// crosses the target: first bins of equal width down to the logit `spread`, so that keys lie apart whatever their sign, then bins of keys.
template <class T, class Source>
__device__ __forceinline__ Cut select(Source source, u32 low, u32 high, float spread, T target, Weights weights, Scratch* scratch,
                                      Exchange* exchange) {
    constexpr bool by_count = sizeof(T) == 4;
    const LinearBins linear_bin = {weights.maximum, fminf((float)BINS / (weights.maximum - spread), 1e38f)};
    bool linear = high - low >= 2 * BINS;
    const u32 lowest = low;
    T above = 0;
#pragma unroll 1
    while (low < high) {
        const int bits = 32 - __clz((int)(high - low));
        const int shift = bits > 10 ? bits - 10 : 0;
        const int mine = 2 * threadIdx.x;
        __syncthreads();
        for (int i = mine; i < mine + 2; i++) {
            scratch->bins[i] = 0;
            if (!by_count)
                scratch->upper[i] = 0;
        }
        if (threadIdx.x == 0)
            exchange->bin = -1;
        __syncthreads();
        source([&](u32 key) {
            const bool counts = key >= low && key <= high;
            const u32 bin = linear ? linear_bin(key) : (high - key) >> shift;
            add_to_bin<by_count>(counts, bin, key, weights, scratch);
        });
        __syncthreads();

        T own[2], all;
        for (int i = 0; i < 2; i++)
            own[i] = by_count ? scratch->bins[mine + i] : (T)(((u64)scratch->upper[mine + i] << 32) | scratch->bins[mine + i]);
        T sum = block_before((T)(own[0] + own[1]), exchange, &all) + above;
        for (int i = 0; i < 2; i++) {
            if (sum < target && sum + own[i] >= target) {
                exchange->bin = mine + i;
                exchange->above = sum;
            }
            sum += own[i];
        }
        __syncthreads();
        const int bin = exchange->bin;
        if (bin < 0) {
            const Cut none = {lowest, KEEP_ALL};
            return none;
        }
        above = (T)exchange->above;
        if (linear) {
            const u32 least = first_key(linear_bin, low, high, bin);
            if (bin > 0)
                high = first_key(linear_bin, low, high, bin - 1) - 1;
            low = least;
            linear = false;
        } else {
            high -= (u32)bin << shift;
            const u32 width = (1u << shift) - 1;
            low = high - low > width ? high - width : low;
        }
    }
    const u64 weight = weight_of_key(low, weights);
    u64 keep = 1;
    if (by_count)
        keep = target - above;
    else if (weight > 0)
        keep = (target - above + weight - 1) / weight;
    const Cut cut = {low, keep < KEEP_ALL ? (u32)keep : KEEP_ALL};
    return cut;
}

// The mass that a cut keeps, of whose ties the source has enough.
template <class Source>
__device__ __forceinline__ u64 kept_mass(Source source, Cut cut, Weights weights, Exchange* exchange) {
    u64 mass = 0, all;
    source([&](u32 key) { mass += key > cut.key ? weight_of_key(key, weights) : 0; });
    block_before(mass, exchange, &all);
    return all + cut.keep * weight_of_key(cut.key, weights);
}
