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
};

__device__ __forceinline__ u32 floor_key(double exact) { return key_of(exact > (double)LOWEST_FINITE ? (float)exact : LOWEST_FINITE); }

// The floors of min-p and top-p as logits; by one thread, since they take double precision. Rounding to a float never passes over one.
__device__ void find_floors(const SampleNucleusParams& p, const Row& row, bool top_k, Exchange* exchange) {
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
        // Tokens lighter than this have less than 1 - top_p of the mass even all together. The 1% covers the rounding of weights and sums.
        const double lightest = 0.99 * (1.0 - (double)row.row->top_p) * ((double)exchange->mass * UNIT) / p.vocabulary;
        top_p = floor_key(maximum + temperature * log(lightest));
    }
    u32 floor = top_p;
    if ((!top_k || row.row->top_p >= 1.0f) && min_p > floor)
        floor = min_p;
    exchange->min_p_floor = min_p;
    exchange->floor = floor;
}

// Lists the groups whose maximum reaches the floor; returns how many.
__device__ int list_groups(const SampleNucleusParams& p, const Row& row, u32 floor, Scratch* scratch, Exchange* exchange) {
    const int groups = p.chunks * CHUNK_GROUPS;
    const int each = (groups + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    Measure own = {0, 0}, all;
    for (int group = begin; group < begin + each && group < groups; group++)
        own.count += key_of(row.groups[group]) >= floor;
    u32 at = block_before(own, exchange, &all).count;
    for (int group = begin; group < begin + each && group < groups; group++) {
        if (key_of(row.groups[group]) >= floor)
            scratch->groups[at++] = (u16)group;
    }
    __syncthreads();
    return (int)all.count;
}

// Half a warp reads a listed group, four logits a lane. Calls visit(entry, keys) the same number of times in every lane of a warp, so that
// it may shuffle; beyond the list the keys are 0.
template <class Visit>
__device__ __forceinline__ void each_group(const SampleNucleusParams& p, const Row& row, int listed, const Scratch* scratch, Visit visit) {
    const int half = threadIdx.x / 16, lane = threadIdx.x % 16;
#pragma unroll 2
    for (int first = 0; first < listed; first += DRAW_THREADS / 16) {
        const int entry = first + half;
        u32 keys[4] = {0, 0, 0, 0};
        if (entry < listed) {
            float x[4];
            load_logits(p, row.index, scratch->groups[entry] * GROUP_SIZE + lane * 4, x);
            for (int i = 0; i < 4; i++)
                keys[i] = key_of(x[i]);
        }
        visit(entry, keys);
    }
}

__device__ __forceinline__ u32 half_warp_sum(u32 value) {
    for (int step = 8; step > 0; step /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, step);
    return value;
}

__device__ __forceinline__ u64 half_warp_sum(u64 value) {
    for (int step = 8; step > 0; step /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, step);
    return value;
}

// counts[0, count) become the sums before them; returns the sum of all.
__device__ u32 sums_before(u32* counts, int count, Exchange* exchange) {
    const int each = (count + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    Measure own = {0, 0}, all;
    for (int i = begin; i < begin + each && i < count; i++)
        own.count += counts[i];
    u32 before = block_before(own, exchange, &all).count;
    for (int i = begin; i < begin + each && i < count; i++) {
        const u32 here = counts[i];
        counts[i] = before;
        before += here;
    }
    __syncthreads();
    return all.count;
}

// masses[0, count) become running masses; returns the last.
__device__ u64 running_masses(u64* masses, int count, Exchange* exchange) {
    const int each = (count + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    Measure own = {0, 0}, all;
    for (int i = begin; i < begin + each && i < count; i++)
        own.mass += masses[i];
    u64 before = block_before(own, exchange, &all).mass;
    for (int i = begin; i < begin + each && i < count; i++) {
        before += masses[i];
        masses[i] = before;
    }
    __syncthreads();
    return all.mass;
}

// Gathers the tokens that reach the floor, in ascending id; returns how many there are, and gathers none where they do not fit.
__device__ u32 gather(const SampleNucleusParams& p, const Row& row, int listed, u32 floor, Scratch* scratch, Exchange* exchange) {
    u32* before = (u32*)scratch->masses;
    const int lane = threadIdx.x % 16;
    each_group(p, row, listed, scratch, [&](int entry, const u32 keys[4]) {
        u32 count = 0;
        for (int i = 0; i < 4; i++)
            count += keys[i] >= floor;
        count = half_warp_sum(count);
        if (lane == 0 && entry < listed)
            before[entry] = count;
    });
    __syncthreads();
    const u32 count = sums_before(before, listed, exchange);
    if (count > CAPACITY)
        return count;
    each_group(p, row, listed, scratch, [&](int entry, const u32 keys[4]) {
        u32 own = 0;
        for (int i = 0; i < 4; i++)
            own += keys[i] >= floor;
        u32 running = own;
        for (int step = 1; step < 16; step *= 2) {
            const u32 other = __shfl_up_sync(0xffffffffu, running, step, 16);
            running += lane >= step ? other : 0;
        }
        if (entry >= listed)
            return;
        u32 at = before[entry] + running - own;
        for (int i = 0; i < 4; i++) {
            if (keys[i] >= floor) {
                scratch->keys[at] = keys[i];
                scratch->ids[at++] = scratch->groups[entry] * GROUP_SIZE + lane * 4 + i;
            }
        }
    });
    __syncthreads();
    return count;
}

// Sources of keys for select.
struct GroupMaxima {
    const float* maxima;
    int count;

    template <class Visit>
    __device__ __forceinline__ void operator()(Visit visit) const {
        for (int i = threadIdx.x; i < count; i += DRAW_THREADS)
            visit(key_of(maxima[i]));
    }
};

struct Candidates {
    const u32* keys;
    int count;

    template <class Visit>
    __device__ __forceinline__ void operator()(Visit visit) const {
        for (int i = threadIdx.x; i < count; i += DRAW_THREADS)
            visit(keys[i]);
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
            for (int i = 0; i < 4; i++)
                visit(keys[i]);
        });
    }
};

// Top-k, then top-p of the mass that it left, then min-p.
template <class Source>
__device__ Cut filter(const SampleNucleusParams& p, const Row& row, Source source, u32 count, u32 floor, int top_k, Scratch* scratch,
                      Exchange* exchange) {
    const u32 highest = key_of(row.weights.maximum);
    u64 mass = exchange->mass;
    Cut cut = {floor, 0xffffffffu};
    if (top_k > 0 && count > (u32)top_k)
        cut = select(source, floor, highest, top_k, true, row.weights, scratch, exchange, &mass);
    if (row.row->top_p < 1.0f) {
        const u64 target = (u64)ceil((double)row.row->top_p * (double)mass);
        cut = tighter(cut, select(source, cut.key, highest, target, false, row.weights, scratch, exchange, &mass));
    }
    const Cut min_p = {exchange->min_p_floor, 0xffffffffu};
    return tighter(cut, min_p);
}

// Running masses of the candidates that survive; the others add nothing.
__device__ u64 weigh_candidates(const Row& row, int count, Cut cut, Scratch* scratch, Exchange* exchange) {
    const int each = (count + DRAW_THREADS - 1) / DRAW_THREADS;
    const int begin = threadIdx.x * each;
    Measure ties = {0, 0}, all;
    for (int i = begin; i < begin + each && i < count; i++)
        ties.count += scratch->keys[i] == cut.key;
    u32 rank = block_before(ties, exchange, &all).count;
    for (int i = begin; i < begin + each && i < count; i++) {
        const u32 key = scratch->keys[i];
        const bool keep = key > cut.key || (key == cut.key && rank++ < cut.keep);
        scratch->masses[i] = keep ? weight_of_key(key, row.weights) : 0;
    }
    return running_masses(scratch->masses, count, exchange);
}

// Running masses of what survives in the listed groups, and the ties before each.
__device__ u64 weigh_groups(const SampleNucleusParams& p, const Row& row, int listed, Cut cut, Scratch* scratch, Exchange* exchange) {
    each_group(p, row, listed, scratch, [&](int entry, const u32 keys[4]) {
        u64 mass = 0;
        u32 ties = 0;
        for (int i = 0; i < 4; i++) {
            mass += keys[i] > cut.key ? weight_of_key(keys[i], row.weights) : 0;
            ties += keys[i] == cut.key;
        }
        mass = half_warp_sum(mass);
        ties = half_warp_sum(ties);
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
