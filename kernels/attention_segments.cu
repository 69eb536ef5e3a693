// Attention of a step's rows, as a list of items: each takes consecutive rows through a run of positions that they keep in the same KV
// blocks, and leaves a state per (row, head) in memory, or the finished attention.
//
//   For each tile of 64 positions j0 to j0 + 63, in order:
//   s_j = scale q . k_j, where j is at most the row's position and below the item's end; -infinity elsewhere
//   m' = max(m, max s_j)    l' = l 2^(m - m') + sum p_j    o' = o 2^(m - m') + sum p_j v_j    p_j = 2^(s_j - m'), rounded to an Element
//   with scale = log2(e) / sqrt(HEAD_DIM). At the end of a split (1,024 positions) the state is final; attention_merge merges splits.
//
// queries    Element [rows, query_stride]: query head h of row r at r * query_stride + h * HEAD_DIM
// cache      Element [block][2: keys, values][kv_heads][16][HEAD_DIM], one layer
// items      AttentionItem [..]; `range` names those of this launch; items whose state_in another item writes are in a later launch
// blocks     int [..]: block numbers of the items' runs
// positions  int [rows]
// state_sums [slots, heads] (m, l), state_outputs [slots, heads, HEAD_DIM], F32
// output     Element [rows, heads * HEAD_DIM]
//
// The query heads of a kv head and the rows of an item are stacked: stacked row = row * (heads / kv_heads) + head in group, at most `shape`
// (16, 64 or 128) of them. Heads / kv_heads is at most 64.
//   16    the warps share the rows and divide the columns
//   64    a warp has 16 rows, and each ldmatrix of keys or values serves two mma
//   128   a warp has 32 rows, and each serves four; queries stay in shared memory. Before sm_90, in two halves of 64.
//
// Determinism: a row's arithmetic is fixed by its position. Scores are mma chains over HEAD_DIM in steps of 16, o' and l' chains over a
// tile's positions in steps of 16 (l' with a column of ones), and the maximum is exact in any order. Whatever the shape, whoever shares
// the item, wherever a split is cut into items at tile boundaries: the same operations on the same values, and the same bits.
// Positions at or past an item's end count as zeros and are not read. Values are finite, as rope_store_kv stores no others: one that is not
// would reach every row that takes its tile, also rows before it, since 0 * infinity is NaN. Queries touch their own row and head alone.
//
// Traffic floor, bytes per item and kv head: positions * 4 HEAD_DIM in; (HEAD_DIM + 2) * 4 per stacked row and state, in or out.
// Work: 4 HEAD_DIM flop and one exponential per stacked row and position. Launch: blocks of 128 threads, as many as the device holds;
// they stride over (item, kv head), and read what the next needs while they compute. Dynamic shared memory: 256 STAGES (HEAD_DIM + 8)
// bytes, STAGES tiles of keys and of values, or the queries of 128 rows and one stage less; 3.4 KiB static. While a block waits for a tile's
// keys, at least 256 (STAGES - 1) HEAD_DIM bytes of the next keys and values are under way (shapes 16 and 64).
//
// With 132 multiprocessors at 1.755 GHz, 4.8 TB/s, 32 query heads, 8 kv heads, HEAD_DIM 128: three stages, 104,448 + 3,400 bytes a block,
// two blocks, 131 KB in flight per multiprocessor (latency times bandwidth asks for 20 to 36 KB). That counts where every multiprocessor
// has a block: one row at 4,096 positions is 4 splits by 8 kv heads, 32 blocks; a tile's chain of products takes a block some 900 clocks,
// so they draw about 40% of the memory's bandwidth, and 80% takes some 60 blocks (2 rows).
//   32 rows at 4,096 positions, nothing shared: 537 MB of keys and values, 2 MB of states each way; 112 us.
//   256 rows that share 4,096 positions are 256 pairs of an item of 128 and a kv head, one round of blocks, at most 32 tiles for each
//   multiprocessor. Memory: 17 MB of keys and values, 3.5 us. Second-level cache: 134 MB, 24 us at 5.5 TB/s. Shared memory: ldmatrix takes
//   64 KB of keys, 64 KB of values and 32 KB of queries a tile, copies write 32 KB; 1,536 clocks at 128 bytes, 28 us. Products: 1,056 mma a
//   tile, 1,584 clocks at two thirds of the tensor cores, 29 us. Exponentials: 520 clocks a tile, 9.5 us, beside the other block's
//   products. Each row's own positions are items of their own, about 1,100 clocks where they are few; states are 17 MB each way.
//
// Configurations: HEAD_DIM=16,32,48,64,80,96,112,128 ELEMENT_F16=0,1 STAGES=2,3
// Budget: attention_segments: 250 registers
#include "attention.cuh"

#define TILE 64
#define SPLIT_BLOCKS 64
#define BLOCK_POSITIONS 16
#define THREADS 128
#define MOST_ROWS 128
#define ITEM_WORDS (int)(sizeof(AttentionItem) / 4)

#define K_STEPS (HEAD_DIM / 16)
#define OUTPUT_TILES (HEAD_DIM / 8)
#define CHUNKS (HEAD_DIM / 8)
// A row of a tile in shared memory takes an odd number of 16-byte chunks: the eight rows of a matrix lie in different banks.
#define ROW_STRIDE (HEAD_DIM + 8)
#define TILE_ELEMENTS (TILE * ROW_STRIDE)
#define PROBABILITY_STRIDE (TILE + 8)

// Stages of keys and of values: three where a multiprocessor's shared memory holds two blocks of them.
#ifndef STAGES
#define STAGES 2
#endif
static_assert(STAGES == 2 || STAGES == 3, "two stages, or three");

// Stacked rows that a block holds in registers. Before sm_90 the compiler runs out of them at 128: items of 128 go in two halves.
#ifndef ROWS_AT_ONCE
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ < 900
#define ROWS_AT_ONCE 64
#else
#define ROWS_AT_ONCE 128
#endif
#endif

#if ELEMENT_F16
#define ONES 0x3c003c00u
#else
#define ONES 0x3f803f80u
#endif

struct AttentionSegmentsParams {
    const Element* queries;
    const Element* cache;
    const AttentionItem* items;
    const AttentionRange* range;
    const int* blocks;
    const int* positions;
    float2* state_sums;
    float* state_outputs;
    Element* output;
    int heads;
    int kv_heads;
    int query_stride;
    float scale;
};
static_assert(sizeof(AttentionSegmentsParams) == 88, "as AttentionParams.cs");

struct Scratch {
    __align__(16) Element probabilities[16 * PROBABILITY_STRIDE];
    float maxima[4][16];
    int blocks[SPLIT_BLOCKS];
    // Each stacked row attends to positions below its limit: 0 where there is no row. The item's end never cuts a tile below a limit.
    int limits[MOST_ROWS];
    AttentionItem item;
    AttentionItem next;
    int kv_head;
    int group;  // query heads of a kv head
};

// What thread t brings along for the next item while the block computes this one: the item's block t, the limit of its stacked row t, and
// word t of the item after it. So an item begins with what is already there.
struct Ahead {
    int block;
    int limit;
    int word;
};

// Starts copying one tile of keys (part 0) or values (part 1) of a kv head into `tile`. Positions from `end` on become zero.
__device__ __forceinline__ void load_tile(
    Element* tile, const AttentionSegmentsParams& p, const int* blocks, int first_position, int end, int kv_head, int part) {
#pragma unroll 2
    for (int i = 0; i < TILE * CHUNKS / THREADS; i++) {
        const int index = threadIdx.x + i * THREADS;
        const int row = index / CHUNKS, chunk = index % CHUNKS;
        const bool valid = first_position + row < end;
        const Element* source = p.cache;
        if (valid) {
            const long long block = blocks[row / BLOCK_POSITIONS];
            source += ((block * 2 + part) * p.kv_heads + kv_head) * (BLOCK_POSITIONS * HEAD_DIM);
            source += (row % BLOCK_POSITIONS) * HEAD_DIM + chunk * 8;
        }
        cp_async_16_or_zero(tile + row * ROW_STRIDE + chunk * 8, source, valid);
    }
}

// Starts copying the queries of an item of 128 stacked rows; rows past the item's become zero.
__device__ __forceinline__ void load_queries(
    Element* tile, const AttentionSegmentsParams& p, const AttentionItem& item, int group, int kv_head) {
#pragma unroll 1
    for (int index = threadIdx.x; index < MOST_ROWS * CHUNKS; index += THREADS) {
        const int stacked = index / CHUNKS, chunk = index % CHUNKS;
        const bool valid = stacked < item.row_count * group;
        const Element* source = p.queries;
        if (valid)
            source += (long long)(item.first_row + stacked / group) * p.query_stride
                + (kv_head * group + stacked % group) * HEAD_DIM + chunk * 8;
        cp_async_16_or_zero(tile + stacked * ROW_STRIDE + chunk * 8, source, valid);
    }
}

// Computes stacked rows first_row to first_row + ROWS - 1 of scratch.item for one kv head. With ROWS = 16 all warps work on the same
// rows: warp w computes columns 16 w to 16 w + 15 of the scores and every fourth tile of 8 output columns, and the probabilities pass
// through shared memory. With ROWS = 64 or 128 a warp computes its 16 or 32 rows alone. Each element is the same chain of operations
// everywhere. Registers are scarce with 128 rows: what is not needed in every tile is looked up in shared memory again.
template <int ROWS>
__device__ __forceinline__ void attend(
    const AttentionSegmentsParams& p, int first_row, Element* memory, Scratch& scratch) {
    const AttentionItem& item = scratch.item;
    constexpr bool divided = ROWS == 16;
    constexpr bool wide = ROWS == 128;
    constexpr int row_tiles = wide ? 2 : 1;  // of 16 stacked rows, in each warp
    constexpr int score_tiles = divided ? 2 : TILE / 8;
    constexpr int output_tiles = divided ? (OUTPUT_TILES + 3) / 4 : OUTPUT_TILES;
    constexpr int stages = wide ? STAGES - 1 : STAGES;
    const int lane = threadIdx.x % 32, warp = threadIdx.x / 32;
    const int pair = 2 * (lane % 4);  // this lane's first column of every tile of 8
    const int first_stacked = first_row + (divided ? 0 : 16 * row_tiles * warp);
    const int first_column = divided ? 16 * warp : 0;
    const bool active = divided || first_stacked < item.row_count * scratch.group;

    const Element* const query_rows = memory + (first_stacked + lane % 16) * ROW_STRIDE + lane / 16 * 8;  // where the shape is wide
    Element* const key_stages = memory + (wide ? 2 * TILE_ELEMENTS : 0);
    Element* const value_stages = key_stages + stages * TILE_ELEMENTS;
    const auto load = [&](Element* first_stage, int tile, int part) {
        const int position = TILE * (item.first_tile + tile);
        if (position < item.end)
            load_tile(first_stage + tile % stages * TILE_ELEMENTS, p, scratch.blocks + tile * (TILE / BLOCK_POSITIONS),
                      position, item.end, scratch.kv_head, part);
        cp_async_commit();
    };
    if constexpr (wide)
        load_queries(memory, p, item, scratch.group, scratch.kv_head);
#pragma unroll
    for (int stage = 0; stage < stages; stage++) {
        load(key_stages, stage, 0);
        if (stage + 1 < stages)
            load(value_stages, stage, 1);
    }

    // [row][head] of the output of this lane's row i of row tile t, relative to the item's first row.
    const auto head_index = [&](int t, int i) {
        const int stacked = first_stacked + 16 * t + lane / 4 + 8 * i;
        return stacked / scratch.group * p.heads + scratch.kv_head * scratch.group + stacked % scratch.group;
    };

    // A lane holds two stacked rows of each row tile.
    const int* const limits = scratch.limits + first_stacked + lane / 4;
    u32 query[wide ? 1 : K_STEPS][4];
    if constexpr (!wide) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const int stacked = first_stacked + lane / 4 + 8 * i;
            const bool present = stacked < item.row_count * scratch.group;
            const int row = item.first_row + (present ? stacked / scratch.group : 0);
            const int head = scratch.kv_head * scratch.group + stacked % scratch.group;
            const Element* source = p.queries + (long long)row * p.query_stride + head * HEAD_DIM + pair;
#pragma unroll
            for (int k = 0; k < K_STEPS; k++) {
                query[k][i] = present ? *(const u32*)(source + 16 * k) : 0;
                query[k][i + 2] = present ? *(const u32*)(source + 16 * k + 8) : 0;
            }
        }
    }

    float maximum[row_tiles][2];
    float sum[row_tiles][2] = {};
    float output[row_tiles][output_tiles][4] = {};
#pragma unroll
    for (int t = 0; t < row_tiles; t++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            maximum[t][i] = NEGATIVE_INFINITY;
            if (item.state_in < 0 || limits[16 * t + 8 * i] == 0)
                continue;
            const long long index = (long long)item.state_in * p.heads + head_index(t, i);
            const float2 sums = p.state_sums[index];
            maximum[t][i] = sums.x;
            sum[t][i] = sums.y;
            const float* source = p.state_outputs + index * HEAD_DIM + pair;
#pragma unroll
            for (int n = 0; n < output_tiles; n++) {
                const int column = divided ? warp + 4 * n : n;
                if (column < OUTPUT_TILES) {
                    const float2 two = *(const float2*)(source + 8 * column);
                    output[t][n][2 * i] = two.x;
                    output[t][n][2 * i + 1] = two.y;
                }
            }
        }
    }

    for (int tile = 0; TILE * (item.first_tile + tile) < item.end; tile++) {
        cp_async_wait<2 * (stages - 1)>();
        __syncthreads();  // the tile's keys are there; the values of the tile before are used up
        load(value_stages, tile + stages - 1, 1);

        const Element* const keys = key_stages + tile % stages * TILE_ELEMENTS;
        const Element* const values = value_stages + tile % stages * TILE_ELEMENTS;
        float scores[row_tiles][score_tiles][4] = {};
        float largest[row_tiles][2];
        if (active) {
            const Element* const key_rows = keys + (first_column + lane % 8 + lane / 16 * 8) * ROW_STRIDE + lane / 8 % 2 * 8;
#pragma unroll
            for (int k = 0; k < K_STEPS; k++) {
                u32 wide_query[row_tiles][4];
#pragma unroll
                for (int t = 0; t < row_tiles; t++) {
                    if constexpr (wide)
                        ldmatrix_x4(wide_query[t],
                                    query_rows + 16 * t * ROW_STRIDE + 16 * k);
                }
#pragma unroll
                for (int n = 0; n < score_tiles; n += 2) {
                    u32 fragments[4];
                    ldmatrix_x4(fragments, key_rows + n * 8 * ROW_STRIDE + 16 * k);
#pragma unroll
                    for (int t = 0; t < row_tiles; t++) {
                        const u32* const a = wide ? wide_query[t] : query[wide ? 0 : k];
                        mma_elements(scores[t][n], a, fragments, scores[t][n]);
                        mma_elements(scores[t][n + 1], a, fragments + 2, scores[t][n + 1]);
                    }
                }
            }
            const int tile_position = TILE * (item.first_tile + tile);
#pragma unroll
            for (int t = 0; t < row_tiles; t++) {
                // How many of the columns from this lane's first on lie below the rows' limits.
                const int first_visible = tile_position + first_column + pair;
                const int visible[2] = {limits[16 * t] - first_visible, limits[16 * t + 8] - first_visible};
                if (min(visible[0], visible[1]) <= 8 * score_tiles - 8 + 1) {
#pragma unroll
                    for (int n = 0; n < score_tiles; n++) {
#pragma unroll
                        for (int i = 0; i < 4; i++) {
                            if (8 * n + i % 2 >= visible[i / 2])
                                scores[t][n][i] = NEGATIVE_INFINITY;
                        }
                    }
                }
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    largest[t][i] = NEGATIVE_INFINITY;
#pragma unroll
                    for (int n = 0; n < score_tiles; n++)
                        largest[t][i] = fmaxf(largest[t][i], fmaxf(scores[t][n][2 * i], scores[t][n][2 * i + 1]));
                    largest[t][i] = fmaxf(largest[t][i], __shfl_xor_sync(0xffffffffu, largest[t][i], 1));
                    largest[t][i] = fmaxf(largest[t][i], __shfl_xor_sync(0xffffffffu, largest[t][i], 2));
                }
            }
        }
        if constexpr (divided) {
            if (lane % 4 == 0) {
                scratch.maxima[warp][lane / 4] = largest[0][0];
                scratch.maxima[warp][lane / 4 + 8] = largest[0][1];
            }
            __syncthreads();  // all maxima are there; the tile's keys are used up
            load(key_stages, tile + stages, 0);
#pragma unroll
            for (int i = 0; i < 2; i++) {
#pragma unroll
                for (int w = 0; w < 4; w++)
                    largest[0][i] = fmaxf(largest[0][i], scratch.maxima[w][lane / 4 + 8 * i]);
            }
        }

        u32 probabilities[row_tiles][TILE / 16][4];
        if (active) {
#pragma unroll
            for (int t = 0; t < row_tiles; t++) {
                float subtracted[2];
#pragma unroll
                for (int i = 0; i < 2; i++) {
                    // The scale is positive: the largest score stays the largest when scaled.
                    const float next = fmaxf(maximum[t][i], largest[t][i] * p.scale);
                    subtracted[i] = subtrahend(next);
                    const float correction = exp2_approximate(maximum[t][i] - subtracted[i]);
                    maximum[t][i] = next;
                    sum[t][i] *= correction;
                    // Adding 0 makes a product of -0 positive, so that a tile that is masked for a row changes no bit of its state.
#pragma unroll
                    for (int n = 0; n < output_tiles; n++) {
                        output[t][n][2 * i] = fmaf(output[t][n][2 * i], correction, 0.0f);
                        output[t][n][2 * i + 1] = fmaf(output[t][n][2 * i + 1], correction, 0.0f);
                    }
                }
#pragma unroll
                for (int n = 0; n < score_tiles; n++) {
#pragma unroll
                    for (int i = 0; i < 2; i++) {
                        const u32 packed =
                            pack_elements(exp2_approximate(fmaf(scores[t][n][2 * i], p.scale, -subtracted[i])),
                                          exp2_approximate(fmaf(scores[t][n][2 * i + 1], p.scale, -subtracted[i])));
                        if constexpr (divided)
                            *(u32*)(scratch.probabilities + (lane / 4 + 8 * i) * PROBABILITY_STRIDE + first_column + 8 * n + pair) = packed;
                        else
                            probabilities[t][n / 2][n % 2 * 2 + i] = packed;
                    }
                }
            }
        }
        if constexpr (divided)
            cp_async_wait<2 * stages - 1>();
        else
            cp_async_wait<2 * (stages - 1)>();
        __syncthreads();  // the tile's values are there, and where the warps share rows, its probabilities; its keys are used up
        if constexpr (divided) {
#pragma unroll
            for (int k = 0; k < TILE / 16; k++)
                ldmatrix_x4(probabilities[0][k], scratch.probabilities + lane % 16 * PROBABILITY_STRIDE + 16 * k + lane / 16 * 8);
        } else {
            load(key_stages, tile + stages, 0);
        }
        if (active) {
            const u32 ones[2] = {ONES, ONES};
#pragma unroll
            for (int t = 0; t < row_tiles; t++) {
                float columns[4] = {sum[t][0], sum[t][0], sum[t][1], sum[t][1]};  // they stay the same
#pragma unroll
                for (int k = 0; k < TILE / 16; k++)
                    mma_elements(columns, probabilities[t][k], ones, columns);
                sum[t][0] = columns[0];
                sum[t][1] = columns[2];
            }
#pragma unroll
            for (int n = 0; n < output_tiles; n++) {
                const int column = divided ? warp + 4 * n : n;
                if (column < OUTPUT_TILES) {
#pragma unroll
                    for (int half = 0; half < 2; half++) {
                        u32 fragments[4];
                        ldmatrix_x4_transposed(fragments, values + (32 * half + lane) * ROW_STRIDE + 8 * column);
#pragma unroll
                        for (int t = 0; t < row_tiles; t++) {
                            mma_elements(output[t][n], probabilities[t][2 * half], fragments, output[t][n]);
                            mma_elements(output[t][n], probabilities[t][2 * half + 1], fragments + 2, output[t][n]);
                        }
                    }
                }
            }
        }
    }

#pragma unroll
    for (int t = 0; t < row_tiles; t++) {
#pragma unroll
        for (int i = 0; i < 2; i++) {
            if (limits[16 * t + 8 * i] == 0)
                continue;
            const bool complete = item.state_out < 0;
            const long long index = (long long)(complete ? item.first_row : item.state_out) * p.heads + head_index(t, i);
            const float inverse = 1.0f / sum[t][i];
            if (!complete && lane % 4 == 0 && (!divided || warp == 0))
                p.state_sums[index] = make_float2(maximum[t][i], sum[t][i]);
#pragma unroll
            for (int n = 0; n < output_tiles; n++) {
                const int column = divided ? warp + 4 * n : n;
                if (column < OUTPUT_TILES) {
                    const float low = output[t][n][2 * i], high = output[t][n][2 * i + 1];
                    if (complete)
                        *(u32*)(p.output + index * HEAD_DIM + 8 * column + pair) =
                            pack_elements(normalised(low, inverse), normalised(high, inverse));
                    else
                        *(float2*)(p.state_outputs + index * HEAD_DIM + 8 * column + pair) = make_float2(low, high);
                }
            }
        }
    }
}

// Word t of the item of `work`, of the first item where there is none.
__device__ __forceinline__ int item_word(const AttentionSegmentsParams& p, int work) {
    const AttentionRange range = *p.range;
    const int index = work / p.kv_heads;
    return threadIdx.x < ITEM_WORDS ? ((const int*)(p.items + range.first + (index < range.count ? index : 0)))[threadIdx.x] : 0;
}

// Starts reading what the threads need for `item`.
__device__ __forceinline__ void read_ahead(Ahead& ahead, const AttentionSegmentsParams& p, const AttentionItem& item, int group) {
    const int blocks = (item.end - TILE * item.first_tile + BLOCK_POSITIONS - 1) / BLOCK_POSITIONS;
    ahead.block = threadIdx.x < blocks ? p.blocks[item.first_block + threadIdx.x] : 0;
    ahead.limit = threadIdx.x < item.row_count * group ? p.positions[item.first_row + threadIdx.x / group] + 1 : 0;
}

extern "C" __global__ void __launch_bounds__(THREADS, 2) attention_segments(const AttentionSegmentsParams p) {
    DYNAMIC_SHARED(Element, memory);
    __shared__ Scratch scratch;
    const int group = p.heads / p.kv_heads;
    Ahead ahead;
    int work = blockIdx.x;
    if (work >= p.range->count * p.kv_heads)
        return;
    if (threadIdx.x < ITEM_WORDS)
        ((int*)&scratch.next)[threadIdx.x] = item_word(p, work);
    if (threadIdx.x == 0)
        scratch.group = group;
    __syncthreads();
    read_ahead(ahead, p, scratch.next, group);
    ahead.word = item_word(p, work + gridDim.x);
    for (; work < p.range->count * p.kv_heads; work += gridDim.x) {
        __syncthreads();  // shared memory of the item before is used up
        if (threadIdx.x < ITEM_WORDS) {
            ((int*)&scratch.item)[threadIdx.x] = ((int*)&scratch.next)[threadIdx.x];
            ((int*)&scratch.next)[threadIdx.x] = ahead.word;
        }
        if (threadIdx.x == 0)
            scratch.kv_head = work % p.kv_heads;
        if (threadIdx.x < SPLIT_BLOCKS)
            scratch.blocks[threadIdx.x] = ahead.block;
        scratch.limits[threadIdx.x] = ahead.limit;
        __syncthreads();
        read_ahead(ahead, p, scratch.next, scratch.group);
        ahead.word = item_word(p, work + 2 * gridDim.x);
        if (scratch.item.shape == 16) {
            attend<16>(p, 0, memory, scratch);
        } else if (ROWS_AT_ONCE == 128 && scratch.item.shape == 128) {
            attend<128>(p, 0, memory, scratch);
        } else {
            for (int first = 0; first < scratch.item.row_count * scratch.group; first += 64) {
                if (first > 0)
                    __syncthreads();  // the stages of the first half are used up
                attend<64>(p, first, memory, scratch);
            }
        }
    }
}
