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
//          group maximum. 3. Only groups whose maximum reaches the floor are read, once; up to 4,096 candidates are gathered in ascending
//          id. 4. The cuts, by histograms: a round of bins linear in the logit, then ranges of keys; equal logits keep the lower ids.
//          5. Running masses, and a binary search a draw. Where more than 4,096 tokens reach the floor, each round of 4 (one to four)
//          reads the groups again, and a draw ends in a walk through one group. Without filters 2 to 4 fall away: a draw searches the
//          chunks and walks through one.
// Traffic  per row 44 V / 512 bytes of the scan's (13 KB for 151,936 logits), and 256 bytes for each group that reaches the floor: for
//          hundreds of candidates a tenth of the row. A nucleus of more than 4,096 candidates reads the row 3 to 6 times, from the L2 where
//          it still is there. A draw reads 4 bytes from a list, 256 more from groups, 2 KB from chunks. With the scan, rows of up to
//          4,096 candidates stay below two readings of their logits, typical ones near 1.1.
// Counted  a block is a chain of latencies, not of bytes: for a row of hundreds of candidates about ten dependent loads from memory (0.5 us
//          each) and 25 barriers with their shuffles (0.1 us). That is an estimate of 8 to 10 us for up to 264 rows, which run at once; it
//          was counted from the sources, not measured. 8,700 instructions in all for sm_90a, of which such a row runs a third.
// Launch   512 threads, grid (rows), 81,920 bytes of dynamic shared memory; two blocks fit a multiprocessor of 228 KB.
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

// Maximum and masses of the row, a chunk a thread; false where it is not finite. Leaves the chunks' masses at T in scratch->masses.
__device__ __forceinline__ bool load_row(const SampleNucleusParams& p, Row& row, Scratch* scratch, Exchange* exchange) {
    const int chunk = threadIdx.x, lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const bool mine = chunk < p.chunks;
    float maximum = NEGATIVE_INFINITY, at_temperature = 0.0f, at_one = 0.0f;
    if (mine) {
        maximum = row.chunks[chunk];
        at_temperature = row.chunks[p.chunks + chunk];
        at_one = row.chunks[2 * p.chunks + chunk];
    }
    if (threadIdx.x == 0)
        exchange->first = 0xffffffffu;
    const u32 least_finite = key_of(LOWEST_FINITE), own = key_of(maximum);
    const u32 most = __reduce_max_sync(0xffffffffu, own), least = __reduce_min_sync(0xffffffffu, own < least_finite ? 0xffffffffu : own);
    if (lane == 0) {
        exchange->halves[0][warp] = most;
        exchange->halves[1][warp] = least;
    }
    __syncthreads();
    const u32 key = __reduce_max_sync(0xffffffffu, exchange->halves[0][lane % DRAW_WARPS]);
    if (key < least_finite || key > key_of(-LOWEST_FINITE))
        return false;
    row.least_chunk = logit_of(__reduce_min_sync(0xffffffffu, exchange->halves[1][lane % DRAW_WARPS]));
    row.weights.maximum = logit_of(key);
    row.weights.scale.high = row.row->scale_high;
    row.weights.scale.low = row.row->scale_low;

    const float difference = maximum - row.weights.maximum;
    u64 mass = fixed_point(at_temperature * weight_of(difference, row.weights.scale));
    if (mine)
        scratch->masses[chunk] = mass;
    u64 natural_mass = fixed_point(at_one * weight_of(difference, natural_scale()));
    mass = lanes_sum(mass, 32);
    natural_mass = lanes_sum(natural_mass, 32);
    if (lane == 0) {
        exchange->warps[warp] = mass;
        exchange->warps[DRAW_WARPS + warp] = natural_mass;
    }
    __syncthreads();
    const u64 sum = lanes_sum(exchange->warps[lane], DRAW_WARPS);
    row.mass = __shfl_sync(0xffffffffu, sum, 0);
    if (threadIdx.x == DRAW_WARPS)
        exchange->natural_mass = sum;
    return true;
}
static_assert(DRAW_WARPS == 16 && DRAW_THREADS * CHUNK_SIZE >= 262144, "a warp reads two sums of each; a chunk a thread");

// The largest logit, the lowest id on ties.
__device__ __forceinline__ int most_likely(const SampleNucleusParams& p, const Row& row, Exchange* exchange) {
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

// The first token from `first` on whose running mass exceeds the target, among 32 each logits; by one warp, all of whose lanes get it. A
// chunk's mass was rounded in another way than its weights are, so its end can lie short of the target: then the last token that counts.
template <int each>
__device__ __forceinline__ int walk(const SampleNucleusParams& p, const Row& row, int first, u64 target, Cut cut, u32 rank) {
    const int lane = threadIdx.x % 32, begin = first + each * lane;
    u32 keys[each];
#pragma unroll
    for (int i = 0; i < each; i++)
        keys[i] = begin + i < p.vocabulary ? key_of(logit_at(p, row.index, begin + i)) : 0;
    u32 ties = 0;
#pragma unroll
    for (int i = 0; i < each; i++)
        ties += keys[i] == cut.key;
    rank += warp_running(ties, 32) - ties;

    u64 own = 0;
    int last = -1, last_weighty = -1;
#pragma unroll
    for (int i = 0; i < each; i++) {
        const bool stays = keys[i] > cut.key || (keys[i] == cut.key && rank++ < cut.keep);
        const u64 weight = stays ? weight_of_key(keys[i], row.weights) : 0;
        keys[i] = stays ? keys[i] : 0;
        own += weight;
        last = stays ? begin + i : last;
        last_weighty = weight > 0 ? begin + i : last_weighty;
    }
    const u64 running = warp_running(own, 32);
    const u32 crossed = __ballot_sync(0xffffffffu, running > target);
    if (crossed == 0) {
        const int weighty = __reduce_max_sync(0xffffffffu, last_weighty), any = __reduce_max_sync(0xffffffffu, last);
        return weighty >= 0 ? weighty : any >= 0 ? any : first;
    }
    u64 sum = running - own;
    int passed = 0;
#pragma unroll
    for (int i = 0; i < each; i++) {
        sum += keys[i] != 0 ? weight_of_key(keys[i], row.weights) : 0;
        passed += sum <= target;
    }
    return __shfl_sync(0xffffffffu, begin + passed, __ffs((int)crossed) - 1);
}

// The logarithms of the row's masses, by two warps, in no hurry: they are read after the next barrier, when draws were found.
__device__ __noinline__ void take_logs(u64 mass, Exchange* exchange) {
    if (threadIdx.x % 32 != 0 || threadIdx.x < DRAW_THREADS - 64)
        return;
    const bool natural = threadIdx.x >= DRAW_THREADS - 32;
    const double result = log((double)(natural ? exchange->natural_mass : mass) * UNIT);
    if (natural)
        exchange->log_natural = result;
    else
        exchange->log_mass = result;
}

// Draws from running masses of units of logits: the listed groups, or all chunks; a warp a draw.
template <bool chunks>
__device__ __forceinline__ void draw_from_units(const SampleNucleusParams& p, const Row& row, int units, Cut cut, u64 mass,
                                                const Scratch* scratch, const Exchange* exchange) {
    const int draws = row.row->draw_count;
#pragma unroll 1
    for (int first = 0; first < draws; first += DRAW_WARPS) {
        const int slot = first + threadIdx.x / 32, at = row.row->first_draw + slot;
        int token = 0;
        if (slot < draws) {
            const u64 target = __umul64hi(uniform(*row.row, p.samples[at]), mass);
            const int unit = first_above(scratch->masses, units, target);
            const u64 rest = target - (unit > 0 ? scratch->masses[unit - 1] : 0);
            token = chunks ? walk<CHUNK_SIZE / 32>(p, row, unit * CHUNK_SIZE, rest, cut, 0)
                           : walk<GROUP_SIZE / 32>(p, row, scratch->groups[unit] * GROUP_SIZE, rest, cut, scratch->keys[unit]);
        }
        if (first == 0)
            __syncthreads();
        if (slot < draws && threadIdx.x % 32 == 0)
            store_draw(p.draws + at, draw_of(p, row, token, exchange));
    }
}

__device__ __forceinline__ void draw_from_list(const SampleNucleusParams& p, const Row& row, int count, u64 mass, const Scratch* scratch,
                                               const Exchange* exchange) {
    const int draws = row.row->draw_count;
#pragma unroll 1
    for (int first = 0; first < draws; first += DRAW_THREADS) {
        const int slot = first + threadIdx.x, at = row.row->first_draw + slot;
        int token = 0;
        if (slot < draws) {
            const u64 target = __umul64hi(uniform(*row.row, p.samples[at]), mass);
            token = (int)scratch->ids[first_above(scratch->masses, count, target)];
        }
        if (first == 0)
            __syncthreads();
        if (slot < draws)
            store_draw(p.draws + at, draw_of(p, row, token, exchange));
    }
}

__device__ __forceinline__ void draw_filtered(const SampleNucleusParams& p, const Row& row, int top_k, Scratch* scratch,
                                              Exchange* exchange) {
    Floors floors = find_floors(p, row, top_k > 0);
    const int groups = p.chunks * CHUNK_GROUPS;
    load_maxima(row, groups, scratch);
    if (top_k > 0 && top_k <= groups) {
        const u32 lowest = key_of(LOWEST_FINITE), highest = key_of(row.weights.maximum);
        const Candidates maxima = {scratch->keys, groups};
        const Cut cut = select(maxima, lowest, highest, row.least_chunk, (u32)top_k, row.weights, scratch, exchange);
        floors.candidates = cut.key > floors.candidates ? cut.key : floors.candidates;
    }

    const int listed = list_groups(groups, floors.candidates, scratch, exchange);
    const u32 count = gather(p, row, listed, floors.candidates, top_k, scratch, exchange);
    if (count <= CAPACITY) {
        const Cut cut = filter(row, Candidates{scratch->keys, (int)count}, count, floors, top_k, scratch, exchange);
        const u64 mass = weigh_candidates(row, (int)count, cut, scratch, exchange);
        take_logs(mass, exchange);
        draw_from_list(p, row, (int)count, mass, scratch, exchange);
    } else {
        const Cut cut = filter(row, ListedGroups{p, row, listed, scratch}, count, floors, top_k, scratch, exchange);
        const u64 mass = weigh_groups(p, row, listed, cut, scratch, exchange);
        take_logs(mass, exchange);
        draw_from_units<false>(p, row, listed, cut, mass, scratch, exchange);
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
        if (finite) {
            __syncthreads();
            take_logs(row.mass, &exchange);
            __syncthreads();
        }
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
        take_logs(row.mass, &exchange);
        __syncthreads();
        for (int slot = threadIdx.x; slot < row.row->draw_count; slot += DRAW_THREADS) {
            const Draw draw = {token, (float)-exchange.log_natural, 0.0f};
            store_draw(p.draws + row.row->first_draw + slot, draw);
        }
        return;
    }
    const int top_k = row.row->top_k < p.vocabulary ? row.row->top_k : 0;
    if (top_k == 0 && row.row->top_p >= 1.0f && row.row->min_p == 0.0f) {
        const u64 mass = running_masses(scratch->masses, p.chunks, &exchange);
        take_logs(mass, &exchange);
        const Cut none = {key_of(LOWEST_FINITE), KEEP_ALL};
        draw_from_units<true>(p, row, p.chunks, none, mass, scratch, &exchange);
    } else {
        draw_filtered(p, row, top_k, scratch, &exchange);
    }
}
