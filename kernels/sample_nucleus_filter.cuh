// From a row's maximum and masses to the running masses of the tokens that survive its filters.
#pragma once
#include "sample_nucleus_select.cuh"

// The fixed point's unit, 2^-44.
#define UNIT 5.684341886080802e-14

struct Row {
    const SampleRow* row;
    const float* chunks;
    const float* groups;
    int index;
    Weights weights;
    float least_chunk;  // the smallest of the chunks' finite maxima
    u64 mass;           // at T, of chunks
};

struct Floors {
    u32 candidates;  // below it no filter but min-p has anything to decide
    u32 min_p;
};

__device__ __forceinline__ u32 floor_key(double exact) { return key_of(exact > (double)LOWEST_FINITE ? (float)exact : LOWEST_FINITE); }

// The floors of min-p and top-p as logits. Rounding to a float never passes over one.
__device__ __forceinline__ Floors find_floors(const SampleNucleusParams& p, const Row& row, bool top_k) {
    const double maximum = row.weights.maximum, temperature = row.row->temperature;
    u32 min_p = key_of(LOWEST_FINITE), top_p = min_p;
    if (row.row->min_p > 0.0f) {
        const double exact = maximum + temperature * row.row->log_min_p;
        min_p = floor_key(exact);
        // The least float that is not below the exact floor.
        if ((double)logit_of(min_p) < exact)
            min_p = key_of(logit_of(min_p + 1));
    }
    if (row.row->top_p < 1.0f && !top_k) {
        // Tokens lighter than this have less than 1 - top_p of the mass even all together. The 1% covers the rounding of weights, of sums
        // and of this, which is in single precision.
        const float lightest = 0.99f * (1.0f - row.row->top_p) * ((float)row.mass * (float)UNIT) / (float)p.vocabulary;
        top_p = floor_key(maximum + temperature * (double)logf(lightest));
    }
    Floors floors = {top_p, min_p};
    if ((!top_k || row.row->top_p >= 1.0f) && min_p > top_p)
        floors.candidates = min_p;
    return floors;
}

// Copies the group maxima's keys to scratch->keys.
__device__ __forceinline__ void load_maxima(const Row& row, int groups, Scratch* scratch) {
#pragma unroll 4
    for (int group = threadIdx.x; group < groups; group += DRAW_THREADS)
        scratch->keys[group] = key_of(row.groups[group]);
    __syncthreads();
}

// Lists the groups whose maximum, in scratch->keys, reaches the floor; returns how many.
__device__ __forceinline__ int list_groups(int groups, u32 floor, Scratch* scratch, Exchange* exchange) {
    const int each = (groups + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    u32 own = 0, all;
#pragma unroll 1
    for (int group = begin; group < begin + each && group < groups; group++)
        own += scratch->keys[group] >= floor;
    u32 at = block_before(own, exchange, &all);
#pragma unroll 1
    for (int group = begin; group < begin + each && group < groups; group++) {
        if (scratch->keys[group] >= floor)
            scratch->groups[at++] = (u16)group;
    }
    __syncthreads();
    return (int)all;
}

// Half a warp reads two listed groups at a time, four logits a lane of each; more would not fit the registers. Beyond the list keys are 0.
#define TILE 2
#define BLOCK_TILE (TILE * DRAW_THREADS / 16)

__device__ __forceinline__ void load_tile(const SampleNucleusParams& p, const Row& row, int listed, const Scratch* scratch, int entry,
                                          u32 keys[TILE][4]) {
    float x[TILE][4];
#pragma unroll
    for (int i = 0; i < TILE; i++) {
        const int token = entry + i < listed ? scratch->groups[entry + i] * GROUP_SIZE + threadIdx.x % 16 * 4 : p.vocabulary;
        load_logits(p, row.index, token, x[i]);
    }
#pragma unroll
    for (int i = 0; i < TILE; i++)
#pragma unroll
        for (int j = 0; j < 4; j++)
            keys[i][j] = entry + i < listed ? key_of(x[i][j]) : 0;
}

// Calls visit(entry, keys) the same number of times in every lane of a warp, so that it may shuffle.
template <class Visit>
__device__ __forceinline__ void each_group(const SampleNucleusParams& p, const Row& row, int listed, const Scratch* scratch, Visit visit) {
#pragma unroll 1
    for (int first = 0; first < listed; first += BLOCK_TILE) {
        const int entry = first + threadIdx.x / 16 * TILE;
        u32 keys[TILE][4];
        load_tile(p, row, listed, scratch, entry, keys);
#pragma unroll
        for (int i = 0; i < TILE; i++)
            visit(entry + i, keys[i]);
    }
}

// counts[0, count) become the sums before them.
__device__ __forceinline__ void sums_before(u32* counts, int count, Exchange* exchange) {
    const int each = (count + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    u32 own = 0, all;
#pragma unroll 1
    for (int i = begin; i < begin + each && i < count; i++)
        own += counts[i];
    u32 before = block_before(own, exchange, &all);
#pragma unroll 1
    for (int i = begin; i < begin + each && i < count; i++) {
        const u32 here = counts[i];
        counts[i] = before;
        before += here;
    }
    __syncthreads();
}

// masses[0, count) become running masses; returns the last.
__device__ __forceinline__ u64 running_masses(u64* masses, int count, Exchange* exchange) {
    const int each = (count + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    u64 own = 0, all;
#pragma unroll 1
    for (int i = begin; i < begin + each && i < count; i++)
        own += masses[i];
    u64 before = block_before(own, exchange, &all);
#pragma unroll 1
    for (int i = begin; i < begin + each && i < count; i++) {
        before += masses[i];
        masses[i] = before;
    }
    __syncthreads();
    return all;
}

// Gathers the tokens that reach the floor, in ascending id; returns how many there are, or, where they do not fit, some number above
// CAPACITY that tells whether there are more than top_k. Each group is read once; a tile of the block's takes one
// barrier, since its sums alternate between two places.
__device__ __forceinline__ u32 gather(const SampleNucleusParams& p, const Row& row, int listed, u32 floor, int top_k, Scratch* scratch,
                                      Exchange* exchange) {
    const int half = threadIdx.x / 16, lane = threadIdx.x % 32;
    u32 count = 0;
    int turn = 0;
#pragma unroll 1
    for (int first = 0; first < listed && (count <= CAPACITY || top_k > CAPACITY); first += BLOCK_TILE) {
        const int entry = first + half * TILE;
        u32 keys[TILE][4];
        load_tile(p, row, listed, scratch, entry, keys);
        // A byte for each group: at most 64.
        u32 own = 0;
#pragma unroll
        for (int i = 0; i < TILE; i++)
#pragma unroll
            for (int j = 0; j < 4; j++)
                own += keys[i][j] >= floor ? 1u << (8 * i) : 0;
        u32 running = own;
#pragma unroll
        for (int step = 1; step < 16; step *= 2) {
            const u32 other = __shfl_up_sync(0xffffffffu, running, step, 16);
            running += lane % 16 >= step ? other : 0;
        }
        const u32 groups = __shfl_sync(0xffffffffu, running, 15, 16);
        running -= own;
        if (lane % 16 == 0)
            exchange->halves[turn][half] = (groups & 255) + (groups >> 8);
        __syncthreads();
        const u32 sums = warp_running(exchange->halves[turn][lane], 32);
        const u32 before = __shfl_sync(0xffffffffu, sums, half > 0 ? half - 1 : 0);
        u32 base = count + (half > 0 ? before : 0);
        count += __shfl_sync(0xffffffffu, sums, 31);
        turn ^= 1;
        if (count > CAPACITY)
            continue;
#pragma unroll
        for (int i = 0; i < TILE; i++) {
            u32 at = base + (running >> (8 * i) & 255);
            base += groups >> (8 * i) & 255;
#pragma unroll
            for (int j = 0; j < 4; j++) {
                if (keys[i][j] >= floor) {
                    scratch->keys[at] = keys[i][j];
                    scratch->ids[at++] = scratch->groups[entry + i] * GROUP_SIZE + lane % 16 * 4 + j;
                }
            }
        }
    }
    __syncthreads();
    return count;
}

// Sources of keys for select.
struct Candidates {
    const u32* keys;
    int count;

    template <class Visit>
    __device__ __forceinline__ void operator()(Visit visit) const {
#pragma unroll 1
        for (int first = 0; first < count; first += DRAW_THREADS) {
            const int i = first + threadIdx.x;
            visit(i < count ? keys[i] : 0);
        }
    }
};

struct ListedGroups {
    const SampleNucleusParams& p;
    const Row& row;
    int listed;
    const Scratch* scratch;

    template <class Visit>
    __device__ __forceinline__ void operator()(Visit visit) const {
        each_group(p, row, listed, scratch, [&](int, const u32 keys[4]) {
#pragma unroll
            for (int i = 0; i < 4; i++)
                visit(keys[i]);
        });
    }
};

// Top-k, then top-p of the mass that it left, then min-p.
template <class Source>
__device__ __forceinline__ Cut filter(const Row& row, Source source, u32 count, Floors floors, int top_k, Scratch* scratch,
                                      Exchange* exchange) {
    const u32 highest = key_of(row.weights.maximum);
    u64 mass = row.mass;
    Cut cut = {floors.candidates, KEEP_ALL};
    if (top_k > 0 && count > (u32)top_k) {
        cut = select(source, cut.key, highest, logit_of(cut.key), (u32)top_k, row.weights, scratch, exchange);
        if (row.row->top_p < 1.0f)
            mass = kept_mass(source, cut, row.weights, exchange);
    }
    if (row.row->top_p < 1.0f) {
        const u64 target = (u64)ceil((double)row.row->top_p * (double)mass);
        cut = tighter(cut, select(source, cut.key, highest, logit_of(cut.key), target, row.weights, scratch, exchange));
    }
    const Cut min_p = {floors.min_p, KEEP_ALL};
    return tighter(cut, min_p);
}

// Running masses of the candidates that survive; the others add nothing.
__device__ __forceinline__ u64 weigh_candidates(const Row& row, int count, Cut cut, Scratch* scratch, Exchange* exchange) {
    const int each = (count + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    u32 rank = 0;
    if (cut.keep < KEEP_ALL) {
        u32 ties = 0, all;
#pragma unroll 1
        for (int i = begin; i < begin + each && i < count; i++)
            ties += scratch->keys[i] == cut.key;
        rank = block_before(ties, exchange, &all);
    }
    u64 own = 0, all;
#pragma unroll 1
    for (int i = begin; i < begin + each && i < count; i++) {
        const u32 key = scratch->keys[i];
        const bool keep = key > cut.key || (key == cut.key && rank++ < cut.keep);
        own += keep ? weight_of_key(key, row.weights) : 0;
        scratch->masses[i] = own;
    }
    const u64 before = block_before(own, exchange, &all);
#pragma unroll 1
    for (int i = begin; i < begin + each && i < count; i++)
        scratch->masses[i] += before;
    __syncthreads();
    return all;
}

// Running masses of what survives in the listed groups, and the ties before each.
__device__ __forceinline__ u64 weigh_groups(const SampleNucleusParams& p, const Row& row, int listed, Cut cut, Scratch* scratch,
                                            Exchange* exchange) {
    each_group(p, row, listed, scratch, [&](int entry, const u32 keys[4]) {
        u64 mass = 0;
        u32 ties = 0;
        for (int i = 0; i < 4; i++) {
            mass += keys[i] > cut.key ? weight_of_key(keys[i], row.weights) : 0;
            ties += keys[i] == cut.key;
        }
        mass = lanes_sum(mass, 16);
        ties = (u32)lanes_sum(ties, 16);
        if (threadIdx.x % 16 == 0 && entry < listed) {
            scratch->masses[entry] = mass;
            scratch->ids[entry] = ties;
            scratch->keys[entry] = ties;
        }
    });
    __syncthreads();
    sums_before(scratch->keys, listed, exchange);
    const u64 weight = weight_of_key(cut.key, row.weights);
    for (int entry = threadIdx.x; entry < listed; entry += DRAW_THREADS) {
        const u32 before = scratch->keys[entry], ties = scratch->ids[entry];
        const u32 left = cut.keep > before ? cut.keep - before : 0;
        scratch->masses[entry] += weight * (ties < left ? ties : left);
    }
    __syncthreads();
    return running_masses(scratch->masses, listed, exchange);
}
