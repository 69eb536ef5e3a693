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
// A row    1. Maximum and masses from the chunks. 2. A floor below which no filter has anything to decide; top-k's is the k-th largest
//          group maximum. 3. Only groups whose maximum reaches the floor are read; up to 4,096 candidates are gathered in ascending id.
//          4. The cuts, by histograms over ranges of keys; equal logits keep the lower ids. 5. Running masses, and a binary search a draw.
//          Where more than 4,096 tokens reach the floor, each of the two to four rounds of 4 reads the groups again, and a draw ends in
//          a walk through one group. Without filters 2 to 4 fall away: a draw searches the chunks and walks through one.
// Traffic  per row 44 V / 512 bytes of the scan's (13 KB for 151,936 logits), and 2 x 256 bytes for each group that reaches the floor:
//          for hundreds of candidates a tenth of the row, the second time from a cache. A nucleus of more than 4,096 candidates reads
//          the row 4 to 6 times. A draw reads 4 bytes from a list, 256 more from groups, up to 2 KB from chunks. With the scan, rows
//          of up to 4,096 candidates stay below two readings of their logits, typical ones near 1.1.
// Launch   512 threads, grid (rows), 86,016 bytes of dynamic shared memory; two blocks fit a multiprocessor of 228 KB.
// Order    sums are of integers; what they are compared with is fixed by the row. Nothing depends on other rows, slots or the grid.
// Configurations: LOGITS_BF16=0,1
// Budget: sample_nucleus_draw: 64 registers
#include "sample_nucleus_filter.cuh"

__device__ __forceinline__ Draw no_draw() {
    const float nan = __int_as_float(0x7fc00000);
    Draw draw = {-1, nan, nan};
    return draw;
}

__device__ __forceinline__ void store_draw(Draw* slot, const Draw& draw) {
    slot->token = draw.token;
    slot->logprob = draw.logprob;
    slot->filtered_logprob = draw.filtered_logprob;
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
    row.weights.scale = {row.row->scale_high, row.row->scale_low};
    const ExpScale natural = natural_scale();
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

// The first token from `first` on whose running mass exceeds the target, among `size` logits; by one warp, all of whose lanes get it. A
// chunk's mass was rounded in another way than its weights are, so its end can lie short of the target: then the last token that counts.
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
            store_draw(p.draws + at, draw_of(p, row, token, exchange));
    }
}

__device__ void draw_from_list(const SampleNucleusParams& p, const Row& row, int count, u64 mass, const Scratch* scratch,
                               const Exchange* exchange) {
    for (int slot = threadIdx.x; slot < row.row->draw_count; slot += DRAW_THREADS) {
        const int at = row.row->first_draw + slot;
        const u64 target = __umul64hi(uniform(*row.row, p.samples[at]), mass);
        const int token = (int)scratch->ids[first_above(scratch->masses, count, target)];
        store_draw(p.draws + at, draw_of(p, row, token, exchange));
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
        const u32 lowest = key_of(LOWEST_FINITE), highest = key_of(row.weights.maximum);
        const Cut cut = select(GroupMaxima{row.groups, groups}, lowest, highest, top_k, true, row.weights, scratch, exchange, &mass);
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
            store_draw(p.draws + at, draw);
        }
        return;
    }
    if (row.row->temperature == 0.0f) {
        const int token = most_likely(p, row, &exchange);
        for (int slot = threadIdx.x; slot < row.row->draw_count; slot += DRAW_THREADS) {
            const Draw draw = {token, (float)-exchange.log_natural, 0.0f};
            store_draw(p.draws + row.row->first_draw + slot, draw);
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
