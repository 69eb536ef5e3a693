// sample_nucleus_draw: draws tokens from rows of logits, or scores given ones, after sample_nucleus_scan. docs/sampling.md says what the
// distribution is: logits / T, softmax, top-k, top-p, min-p, inverse CDF in ascending id.
//
//   weight  w(x) = round(2^44 e^((x - max) / T)), an integer, computed by one function wherever it is needed
//   draw    the first token in ascending id whose running mass of survivors exceeds floor(u mass), u = (2 bits + 1) / 2^54 with the upper
//           53 of 64 bits of Philox4x32-10; exact in integers, so that a token is always found
//   logprob x - max - ln(mass at T = 1), filtered (x - max) / T - ln(mass of survivors), in double precision
//
// Shapes   as for the scan; samples and draws [draws], a row's slots from first_draw on. A slot of a row that is not finite, or whose
//          target lies outside the vocabulary, becomes token -1 with NaN.
// A row    1. maximum and masses from the chunks. 2. A floor below which no filter has anything to decide: top-k's is the k-th largest group
//          maximum. 3. Only groups whose maximum reaches the floor are read; up to 4,096 candidates are gathered in ascending id. 4. The cuts,
//          by histograms over ranges of keys; equal logits keep the lower ids. 5. Running masses, and a binary search a draw.
//          Where more than 4,096 tokens reach the floor, 4 reads the groups again in each of its two to four rounds, and a draw ends in a
//          walk through one group. Without filters 2 to 4 fall away: a draw searches the chunks and walks through one.
// Traffic  per row 44 V / 512 bytes of the scan's (13 KB of 151,936 logits), and 2 x 256 bytes for each group that reaches the floor (for hundreds
//          of candidates, a tenth of the row; the second reading hits the cache). A flat row's nucleus: 4 to 6 readings of the row. A draw:
//          none from a list, 256 bytes from groups, up to 2 KB from chunks. Together with the scan, rows with up to 4,096 candidates stay
//          below two readings of the logits.
// Launch   512 threads, grid (rows), 86,016 bytes of dynamic shared memory; two blocks fit a multiprocessor of 228 KB.
// Order    sums are of integers; what they are compared with is fixed by the row. Nothing depends on other rows, slots or the grid.
// Configurations: LOGITS_BF16=0,1
// Budget: sample_nucleus_draw: 64 registers
#include "sample_nucleus_select.cuh"

// log2 of the fixed point's unit, as a factor.
#define UNIT 5.684341886080802e-14

struct Row {
    const SampleRow* row;
    const float* chunks;
    const float* groups;
    int index;
    Weights weights;
};

__device__ __forceinline__ Draw no_draw() {
    const float nan = __int_as_float(0x7fc00000);
    Draw draw = {-1, nan, nan};
    return draw;
}

__device__ __forceinline__ Draw draw_of(const SampleNucleusParams& p, const Row& row, int token, const Exchange* exchange) {
    const double difference = (double)logit_at(p, row.index, token) - (double)row.weights.maximum;
    Draw draw;
    draw.token = token;
    draw.logprob = (float)(difference - exchange->log_natural);
    draw.filtered_logprob = (float)(difference / (double)row.row->temperature - exchange->log_mass);
    return draw;
}

// 53 bits for the slot, as the odd number 2 bits + 1 in the upper 54 of 64 bits: u 2^64.
__device__ __forceinline__ u64 uniform(const SampleRow& row, int sample) {
    u32 c0 = (u32)row.position, c1 = (u32)sample, c2 = (u32)row.problem_key, c3 = (u32)(row.problem_key >> 32);
    u32 k0 = (u32)row.seed, k1 = (u32)(row.seed >> 32);
    for (int round = 0; round < 10; round++) {
        const u64 even = 0xD2511F53ull * c0, odd = 0xCD9E8D57ull * c2;
        const u32 n0 = (u32)(odd >> 32) ^ c1 ^ k0, n2 = (u32)(even >> 32) ^ c3 ^ k1;
        c0 = n0;
        c1 = (u32)odd;
        c2 = n2;
        c3 = (u32)even;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    const u64 bits = (((u64)c1 << 32) | c0) >> 11;
    return (2 * bits + 1) << 10;
}

// Index of the first running mass above the target, which is below the last.
__device__ __forceinline__ int first_above(const u64* running, int count, u64 target) {
    int low = 0, high = count - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (running[middle] > target)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

// Maximum and masses of the row; false where it is not finite. Leaves the chunks' masses at T in scratch->masses.
__device__ bool load_row(const SampleNucleusParams& p, Row& row, Scratch* scratch, Exchange* exchange) {
    if (threadIdx.x == 0) {
        exchange->maximum = 0;
        exchange->mass = 0;
        exchange->natural_mass = 0;
        exchange->first = 0xffffffffu;
    }
    __syncthreads();
    u32 key = 0;
    for (int chunk = threadIdx.x; chunk < p.chunks; chunk += DRAW_THREADS) {
        const u32 candidate = key_of(row.chunks[chunk]);
        key = candidate > key ? candidate : key;
    }
    atomicMax(&exchange->maximum, key);
    __syncthreads();
    key = exchange->maximum;
    if (key < key_of(LOWEST_FINITE) || key > key_of(-LOWEST_FINITE))
        return false;
    row.weights.maximum = logit_of(key);
    row.weights.scale = scale_for(row.row->temperature);
    const ExpScale natural = scale_for(1.0f);
    u64 mass = 0, natural_mass = 0;
    for (int chunk = threadIdx.x; chunk < p.chunks; chunk += DRAW_THREADS) {
        const float difference = row.chunks[chunk] - row.weights.maximum;
        const u64 of_chunk = fixed_point(row.chunks[p.chunks + chunk] * weight_of(difference, row.weights.scale));
        scratch->masses[chunk] = of_chunk;
        mass += of_chunk;
        natural_mass += fixed_point(row.chunks[2 * p.chunks + chunk] * weight_of(difference, natural));
    }
    atomicAdd(&exchange->mass, mass);
    atomicAdd(&exchange->natural_mass, natural_mass);
    __syncthreads();
    if (threadIdx.x == 0)
        exchange->log_natural = log((double)exchange->natural_mass * UNIT);
    __syncthreads();
    return true;
}

// The largest logit, the lowest id on ties.
__device__ int most_likely(const SampleNucleusParams& p, const Row& row, Exchange* exchange) {
    for (int group = threadIdx.x; group < p.chunks * CHUNK_GROUPS; group += DRAW_THREADS) {
        if (row.groups[group] == row.weights.maximum)
            atomicMin(&exchange->first, (u32)group);
    }
    __syncthreads();
    const int begin = (int)exchange->first * GROUP_SIZE;
    __syncthreads();
    if (threadIdx.x == 0)
        exchange->first = 0xffffffffu;
    __syncthreads();
    const int token = begin + threadIdx.x;
    if (threadIdx.x < GROUP_SIZE && token < p.vocabulary && logit_at(p, row.index, token) == row.weights.maximum)
        atomicMin(&exchange->first, (u32)token);
    __syncthreads();
    return (int)exchange->first;
}

__device__ __forceinline__ u32 floor_key(double exact) { return key_of(exact > (double)LOWEST_FINITE ? (float)exact : LOWEST_FINITE); }

// The floors of min-p and top-p as logits; by one thread, since they take double precision. Rounding to a float never passes over one.
__device__ void find_floors(const SampleNucleusParams& p, const Row& row, bool top_k, Exchange* exchange) {
    const double maximum = row.weights.maximum, temperature = row.row->temperature;
    u32 min_p = key_of(LOWEST_FINITE), top_p = min_p;
    if (row.row->min_p > 0.0f) {
        const double exact = maximum + temperature * log((double)row.row->min_p);
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

// Half a warp reads a listed group, four logits a lane. Calls visit(entry, keys) the same number of times in every lane of a warp, so that it may
// shuffle; beyond the list the keys are 0.
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

// The first token from `first` on whose running mass exceeds the target, among `size` logits; by one warp, all of whose lanes get it. A chunk's
// mass was rounded in another way than its weights are, so its end can lie short of the target: then the last token that counts.
__device__ int walk(const SampleNucleusParams& p, const Row& row, int first, int size, u64 target, Cut cut, u32 rank) {
    const int lane = threadIdx.x % 32;
    const u32 below = (1u << lane) - 1;
    u64 running = 0;
    int last = first, last_weighty = -1;
    for (int begin = first; begin < first + size; begin += 64) {
        const int token = begin + 2 * lane;
        const u32 left = token < p.vocabulary ? key_of(logit_at(p, row.index, token)) : 0;
        const u32 right = token + 1 < p.vocabulary ? key_of(logit_at(p, row.index, token + 1)) : 0;
        const bool left_ties = left == cut.key, right_ties = right == cut.key;
        const u32 left_tied = __ballot_sync(0xffffffffu, left_ties), right_tied = __ballot_sync(0xffffffffu, right_ties);
        const u32 left_rank = rank + __popc(left_tied & below) + __popc(right_tied & below);
        const u32 right_rank = left_rank + (left_ties ? 1 : 0);
        rank += __popc(left_tied) + __popc(right_tied);
        const bool left_stays = left > cut.key || (left_ties && left_rank < cut.keep);
        const bool right_stays = right > cut.key || (right_ties && right_rank < cut.keep);
        const u64 left_mass = left_stays ? weight_of_key(left, row.weights) : 0;
        u64 sum = left_mass + (right_stays ? weight_of_key(right, row.weights) : 0);
        const bool weighty = sum > 0;
        const u64 own = sum;
        for (int step = 1; step < 32; step *= 2) {
            const u64 other = __shfl_up_sync(0xffffffffu, sum, step);
            sum += lane >= step ? other : 0;
        }
        const u32 crossed = __ballot_sync(0xffffffffu, running + sum > target);
        if (crossed != 0) {
            const int found = running + sum - own + left_mass > target ? token : token + 1;
            return __shfl_sync(0xffffffffu, found, __ffs((int)crossed) - 1);
        }
        running += __shfl_sync(0xffffffffu, sum, 31);
        const int stays = right_stays ? token + 1 : token;
        const int counts = own > left_mass ? token + 1 : token;
        const u32 staying = __ballot_sync(0xffffffffu, left_stays || right_stays), weighing = __ballot_sync(0xffffffffu, weighty);
        if (staying != 0)
            last = __shfl_sync(0xffffffffu, stays, 31 - __clz((int)staying));
        if (weighing != 0)
            last_weighty = __shfl_sync(0xffffffffu, counts, 31 - __clz((int)weighing));
    }
    return last_weighty >= 0 ? last_weighty : last;
}

// Draws from running masses of units of logits: the listed groups, or all chunks; a warp a draw.
__device__ void draw_from_units(const SampleNucleusParams& p, const Row& row, int units, bool chunks, Cut cut, u64 mass,
                                const Scratch* scratch, const Exchange* exchange) {
    for (int slot = threadIdx.x / 32; slot < row.row->draw_count; slot += DRAW_WARPS) {
        const int at = row.row->first_draw + slot;
        const u64 target = __umul64hi(uniform(*row.row, p.samples[at]), mass);
        const int unit = first_above(scratch->masses, units, target);
        const u64 rest = target - (unit > 0 ? scratch->masses[unit - 1] : 0);
        const int token = chunks ? walk(p, row, unit * CHUNK_SIZE, CHUNK_SIZE, rest, cut, 0)
                                 : walk(p, row, scratch->groups[unit] * GROUP_SIZE, GROUP_SIZE, rest, cut, scratch->keys[unit]);
        if (threadIdx.x % 32 == 0)
            p.draws[at] = draw_of(p, row, token, exchange);
    }
}

__device__ void draw_from_list(const SampleNucleusParams& p, const Row& row, int count, u64 mass, const Scratch* scratch,
                               const Exchange* exchange) {
    for (int slot = threadIdx.x; slot < row.row->draw_count; slot += DRAW_THREADS) {
        const int at = row.row->first_draw + slot;
        const u64 target = __umul64hi(uniform(*row.row, p.samples[at]), mass);
        p.draws[at] = draw_of(p, row, (int)scratch->ids[first_above(scratch->masses, count, target)], exchange);
    }
}

__device__ __forceinline__ void keep_log_mass(u64 mass, Exchange* exchange) {
    if (threadIdx.x == 0)
        exchange->log_mass = log((double)mass * UNIT);
    __syncthreads();
}

__device__ void draw_filtered(const SampleNucleusParams& p, const Row& row, int top_k, Scratch* scratch, Exchange* exchange) {
    if (threadIdx.x == 0)
        find_floors(p, row, top_k > 0, exchange);
    __syncthreads();
    u32 floor = exchange->floor;
    const int groups = p.chunks * CHUNK_GROUPS;
    if (top_k > 0 && top_k <= groups) {
        u64 mass = 0;
        const Cut cut = select(GroupMaxima{row.groups, groups}, key_of(LOWEST_FINITE), key_of(row.weights.maximum), top_k, true, row.weights,
                               scratch, exchange, &mass);
        floor = cut.key > floor ? cut.key : floor;
    }

    const int listed = list_groups(p, row, floor, scratch, exchange);
    const u32 count = gather(p, row, listed, floor, scratch, exchange);
    if (count <= CAPACITY) {
        const Cut cut = filter(p, row, Candidates{scratch->keys, (int)count}, count, floor, top_k, scratch, exchange);
        const u64 mass = weigh_candidates(row, (int)count, cut, scratch, exchange);
        keep_log_mass(mass, exchange);
        draw_from_list(p, row, (int)count, mass, scratch, exchange);
    } else {
        const Cut cut = filter(p, row, ListedGroups{p, row, listed, scratch}, count, floor, top_k, scratch, exchange);
        const u64 mass = weigh_groups(p, row, listed, cut, scratch, exchange);
        keep_log_mass(mass, exchange);
        draw_from_units(p, row, listed, false, cut, mass, scratch, exchange);
    }
}

extern "C" __global__ void __launch_bounds__(DRAW_THREADS, 2) sample_nucleus_draw(const SampleNucleusParams p) {
    DYNAMIC_SHARED(u64, dynamic);
    __shared__ Exchange exchange;
    Scratch* scratch = (Scratch*)dynamic;
    Row row;
    row.index = blockIdx.x;
    row.row = p.rows + row.index;
    if (row.index >= *p.row_count || row.row->draw_count <= 0)
        return;
    row.chunks = row_workspace(p, row.index);
    row.groups = row.chunks + 3 * p.chunks;

    const bool finite = load_row(p, row, scratch, &exchange);
    if (!finite || row.row->mode == MODE_SCORE) {
        for (int slot = threadIdx.x; slot < row.row->draw_count; slot += DRAW_THREADS) {
            const int at = row.row->first_draw + slot;
            Draw draw = no_draw();
            if (finite && (u32)p.samples[at] < (u32)p.vocabulary) {
                draw.token = p.samples[at];
                const double logit = logit_at(p, row.index, draw.token);
                draw.logprob = (float)(logit - (double)row.weights.maximum - exchange.log_natural);
                draw.filtered_logprob = draw.logprob;
            }
            p.draws[at] = draw;
        }
        return;
    }
    if (row.row->temperature == 0.0f) {
        const int token = most_likely(p, row, &exchange);
        for (int slot = threadIdx.x; slot < row.row->draw_count; slot += DRAW_THREADS) {
            const Draw draw = {token, (float)-exchange.log_natural, 0.0f};
            p.draws[row.row->first_draw + slot] = draw;
        }
        return;
    }
    const int top_k = row.row->top_k < p.vocabulary ? row.row->top_k : 0;
    if (top_k == 0 && row.row->top_p >= 1.0f && row.row->min_p == 0.0f) {
        const u64 mass = running_masses(scratch->masses, p.chunks, &exchange);
        keep_log_mass(mass, &exchange);
        const Cut none = {key_of(LOWEST_FINITE), 0xffffffffu};
        draw_from_units(p, row, p.chunks, true, none, mass, scratch, &exchange);
    } else {
        draw_filtered(p, row, top_k, scratch, &exchange);
    }
}
