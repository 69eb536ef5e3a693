// Block-wide parts of sample_nucleus_draw: prefix sums, and the search for the logit at which a filter cuts.
#pragma once
#include "sample_nucleus.cuh"

#define DRAW_THREADS 512
#define DRAW_WARPS (DRAW_THREADS / 32)
#define CAPACITY 4096  // candidates of a list; also the most groups that a row has
#define BINS 1024

struct Scratch {
    u64 masses[CAPACITY];  // running masses: of candidates, of groups or of chunks; while collecting, [CAPACITY] candidates before a group
    u32 keys[CAPACITY];    // of candidates; without a list, ties before a group
    u32 ids[CAPACITY];     // of candidates
    u64 bin_masses[BINS];
    u32 bin_counts[BINS];
    u16 groups[CAPACITY];  // groups whose maximum reaches the floor, ascending
};
static_assert(sizeof(Scratch) == 86016, "SampleNucleus.cs");

// A mass in fixed point, and a number of tokens.
struct Measure {
    u64 mass;
    u32 count;
};

// What the threads of a block tell each other.
struct Exchange {
    Measure warps[DRAW_WARPS];
    Measure above;  // the crossing bin
    u32 bin_count;
    int bin;
    u32 maximum;
    u32 first;
    u64 mass;
    u64 natural_mass;
    u32 floor;
    u32 min_p_floor;
    double log_mass;
    double log_natural;
};

// Sum over the threads before this one; `total` over all. Every thread of the block calls it.
__device__ __forceinline__ Measure block_before(Measure own, Exchange* exchange, Measure* total) {
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    Measure running = own;
    for (int step = 1; step < 32; step *= 2) {
        const u64 mass = __shfl_up_sync(0xffffffffu, running.mass, step);
        const u32 count = __shfl_up_sync(0xffffffffu, running.count, step);
        if (lane >= step) {
            running.mass += mass;
            running.count += count;
        }
    }
    __syncthreads();
    if (lane == 31)
        exchange->warps[warp] = running;
    __syncthreads();
    Measure before = {0, 0}, all = {0, 0};
#pragma unroll 1
    for (int i = 0; i < DRAW_WARPS; i++) {
        const Measure sum = exchange->warps[i];
        if (i < warp) {
            before.mass += sum.mass;
            before.count += sum.count;
        }
        all.mass += sum.mass;
        all.count += sum.count;
    }
    before.mass += running.mass - own.mass;
    before.count += running.count - own.count;
    *total = all;
    return before;
}

// Where a filter cuts the order (logit descending, id ascending): larger keys survive, and the first `keep` of the equal ones.
struct Cut {
    u32 key;
    u32 keep;
};

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

// The tightest cut that keeps a count, or else a mass, of at least `target`; *mass becomes what it keeps. Everything from `low` on, with
// *mass as it was, where the source has less. `source(visit)` calls `visit(key)` for all keys, in any order; those outside [low, high]
// do not count. Each round divides the range of keys into at most 1,024 bins and goes on in the one where the sum from above crosses
// the target.
template <class Source>
__device__ Cut select(Source source, u32 low, u32 high, u64 target, bool by_count, Weights weights, Scratch* scratch, Exchange* exchange,
                      u64* mass) {
    const u32 lowest = low;
    Measure above = {0, 0};
    while (low < high) {
        const int bits = 32 - __clz((int)(high - low));
        const int shift = bits > 10 ? bits - 10 : 0;
        __syncthreads();
        for (int i = threadIdx.x; i < BINS; i += DRAW_THREADS) {
            scratch->bin_masses[i] = 0;
            scratch->bin_counts[i] = 0;
        }
        if (threadIdx.x == 0)
            exchange->bin = -1;
        __syncthreads();
        source([&](u32 key) {
            if (key >= low && key <= high) {
                const u32 bin = (key - low) >> shift;
                atomicAdd(&scratch->bin_counts[bin], 1u);
                atomicAdd(&scratch->bin_masses[bin], weight_of_key(key, weights));
            }
        });
        __syncthreads();

        const int upper = BINS - 1 - 2 * threadIdx.x;
        Measure own, all;
        own.mass = scratch->bin_masses[upper] + scratch->bin_masses[upper - 1];
        own.count = scratch->bin_counts[upper] + scratch->bin_counts[upper - 1];
        Measure sum = block_before(own, exchange, &all);
        sum.mass += above.mass;
        sum.count += above.count;
        for (int bin = upper; bin >= upper - 1; bin--) {
            Measure with = sum;
            with.mass += scratch->bin_masses[bin];
            with.count += scratch->bin_counts[bin];
            const bool was_below = by_count ? sum.count < target : sum.mass < target;
            const bool reaches = by_count ? with.count >= target : with.mass >= target;
            if (was_below && reaches) {
                exchange->bin = bin;
                exchange->above = sum;
            }
            sum = with;
        }
        __syncthreads();
        const int bin = exchange->bin;
        if (bin < 0) {
            Cut none = {lowest, 0xffffffffu};
            return none;
        }
        above = exchange->above;
        low += (u32)bin << shift;
        const u32 last = low + ((1u << shift) - 1);
        high = last < high ? last : high;
    }
    const u64 weight = weight_of_key(low, weights);
    u64 keep = 1;
    if (by_count)
        keep = target - above.count;
    else if (weight > 0)
        keep = (target - above.mass + weight - 1) / weight;
    *mass = above.mass + keep * weight;
    Cut cut = {low, keep < 0xffffffffu ? (u32)keep : 0xffffffffu};
    return cut;
}
