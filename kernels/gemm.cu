// gemm_bf16: output[r, n] = sum over k of input[r, k] weight[n, k] + bias[n], on tensor cores with F32 sums (ELEMENT_F16=1: F16 elements).
//
// Shapes: input Element [rows, inputs] at input_stride, weight Element [outputs, inputs] without gaps, bias F32 [outputs] or null, output
// [rows, outputs] at output_stride, Element or (OUTPUT_F32=1) F32. inputs and both strides are multiples of 8; outputs is any number. Rows
// from *row_count on and columns from `outputs` on are neither read nor written.
// Traffic floor: 2 inputs outputs bytes of weights, read once by each tile of rows, which is what decoding costs.
//
// An output is ((g0 + g1) + g2) + ... + bias, where g is a chain of two mma from zero over 32 of k; k is rounded up to a multiple of 128 with
// zeros. Groups wait for each other by one addition of F32, not by a chain of mma over all of k, so a warp with few outputs, as decoding has,
// keeps several mma in flight. Deterministic, and equal bits from every tile: an output depends on its row of the input and its row of the
// weights alone.
//
// A block computes a tile of TILE_ROWS by TILE_OUTPUTS, its warps WARP_ROWS by WARP_OUTPUTS each, over all of k: cp.async fills a ring of
// STAGES tiles of TILE_K, STAGES - 1 of them in flight, and ldmatrix feeds mma.m16n8k16. 16-byte chunk c of row r of a tile lies
// at chunk c ^ (r % 8), so neither the copies nor ldmatrix meet a bank conflict. Tiles of 16 and 32 rows are for decoding: they keep weights in
// flight (3 or 4 stages of 4 to 16 KiB a block) and little else. Tiles of 128 by 128 are for prefill: 64 additions a lane for 32 mma, which
// by count fit into the issue slots between these.
// Launch: 32 (TILE_ROWS / WARP_ROWS) (TILE_OUTPUTS / WARP_OUTPUTS) threads; a one-dimensional grid of ceil(outputs / TILE_OUTPUTS) blocks for
// each tile of the padded number of rows; the first weights are under way while *row_count arrives, and blocks of tiles beyond it return then.
// Eight tiles of rows share a run of weight tiles, so that the blocks in flight find both in L2.
// Dynamic shared memory: STAGES (TILE_ROWS + TILE_OUTPUTS) TILE_K elements.
// A multiprocessor of an H100 or H200 (227 KiB) holds two blocks of every tile and more of the smaller; one of an A100 (164 KiB) holds one
// of 16 by 64 (100 KiB), 32 by 64, 64 by 128 and 128 by 128 (96 KiB each).
//
// Budget: gemm_bf16: 128 registers
// Configurations: TILE_ROWS=16 TILE_OUTPUTS=16,32,64 ELEMENT_F16=0,1 OUTPUT_F32=0,1
// Configurations: TILE_ROWS=32 TILE_OUTPUTS=32,64 ELEMENT_F16=0,1 OUTPUT_F32=0,1
// Configurations: TILE_ROWS=64 TILE_OUTPUTS=32,64,128 ELEMENT_F16=0,1 OUTPUT_F32=0,1
// Configurations: TILE_ROWS=128 TILE_OUTPUTS=128 ELEMENT_F16=0,1 OUTPUT_F32=0,1
#include "prelude.cuh"

#ifndef TILE_ROWS
#define TILE_ROWS 16
#endif
#ifndef TILE_OUTPUTS
#define TILE_OUTPUTS 32
#endif
#ifndef OUTPUT_F32
#define OUTPUT_F32 0
#endif

#if TILE_ROWS == 16
#define WARP_ROWS 16
#define WARP_OUTPUTS 8
#define TILE_K 128
#define STAGES 5
#define GROUPS 4
#elif TILE_ROWS == 32
#define WARP_ROWS 32
#define WARP_OUTPUTS 16
#define TILE_K 128
#define STAGES 4
#define GROUPS 2
#elif TILE_ROWS == 64
#define WARP_ROWS 32
#define WARP_OUTPUTS (TILE_OUTPUTS == 32 ? 16 : 32)
#define TILE_K 64
#define STAGES 4
#define GROUPS 1
#else
#define WARP_ROWS 64
#define WARP_OUTPUTS 32
#define TILE_K 64
#define STAGES 3
#define GROUPS 1
#endif

#define WARPS_BY_OUTPUT (TILE_OUTPUTS / WARP_OUTPUTS)
#define THREADS (32 * (TILE_ROWS / WARP_ROWS) * WARPS_BY_OUTPUT)
// At most 128 registers a thread, which is what the largest tile needs.
#define BLOCKS (512 / THREADS)
#define ROW_PARTS (WARP_ROWS / 16)
#define OUTPUT_PARTS (WARP_OUTPUTS / 8)
#define INPUT_CHUNKS (TILE_K / 8)
#define ROWS_A_PASS (THREADS / INPUT_CHUNKS)
#define STAGE_ELEMENTS ((TILE_ROWS + TILE_OUTPUTS) * TILE_K)
#define ROW_TILES_A_GROUP 8

struct GemmParams {
    const Element* input;
    const Element* weight;
    const float* bias;
    void* output;
    const int* row_count;
    int outputs;
    int inputs;
    int input_stride;
    int output_stride;
};
static_assert(sizeof(GemmParams) == 56, "GemmParams is shared with the host");
static_assert(TILE_ROWS % ROWS_A_PASS == 0 && TILE_OUTPUTS % ROWS_A_PASS == 0, "a pass of the block's threads copies whole rows");

// Which tile of rows and of outputs this block computes.
__device__ __forceinline__ int2 tile_of_block(int output_tiles) {
    const int row_tiles = gridDim.x / output_tiles;
    const int group = blockIdx.x / (ROW_TILES_A_GROUP * output_tiles);
    const int first = group * ROW_TILES_A_GROUP;
    const int size = min(ROW_TILES_A_GROUP, row_tiles - first);
    const int place = blockIdx.x - first * output_tiles;
    return make_int2(first + place % size, place / size);
}

// Starts copying this thread's part of a [rows, TILE_K] tile to shared memory. `source` is the thread's chunk of its first row; rows from
// `valid_rows` on become zero.
template <int rows>
__device__ __forceinline__ void copy_tile(Element* tile, const Element* source, int stride, int valid_rows) {
    const int chunk = threadIdx.x % INPUT_CHUNKS;
    const int first = threadIdx.x / INPUT_CHUNKS;
#pragma unroll
    for (int pass = 0; pass < rows / ROWS_A_PASS; pass++) {
        const int row = first + pass * ROWS_A_PASS;
        cp_async_16_or_zero(tile + row * TILE_K + (chunk ^ (row % 8)) * 8, source, row < valid_rows);
        source += (long long)stride * ROWS_A_PASS;
    }
}

// Adds the products of one stage, GROUPS groups of 32 of k side by side; `input` and `weight` begin at the warp's rows. `meanwhile` runs
// once the first operands are on their way.
template <typename Work>
__device__ __forceinline__ void multiply_stage(
    float sums[ROW_PARTS][OUTPUT_PARTS][4], const Element* input, const Element* weight, const Work& meanwhile) {
    const int lane = threadIdx.x % 32;
    const Element* input_row = input + (lane % 16) * TILE_K;
    const Element* weight_row = weight + (lane % 8) * TILE_K;
    const int input_chunk = (lane / 16) ^ (lane % 8);
    const int weight_chunk = (lane / 8) ^ (lane % 8);
    // The largest tile has no registers for operands of two turns.
#pragma unroll(TILE_ROWS == 128 ? 1 : 2)
    for (int k = 0; k < TILE_K; k += 32 * GROUPS) {
        // The inputs of row part i / 2 for the first or second 16 of each group.
        u32 a[2][GROUPS][4];
        const auto load_input = [&](int i) {
#pragma unroll
            for (int group = 0; group < GROUPS; group++)
                ldmatrix_x4(a[i % 2][group], input_row + i / 2 * 16 * TILE_K + (input_chunk ^ (k / 8 + 4 * group + i % 2 * 2)) * 8);
        };
        load_input(0);
        u32 b[GROUPS][OUTPUT_PARTS][4];
#pragma unroll
        for (int i = 0; i < GROUPS * OUTPUT_PARTS; i++) {
            const int group = i / OUTPUT_PARTS, part = i % OUTPUT_PARTS;
            ldmatrix_x4(b[group][part], weight_row + part * 8 * TILE_K + (weight_chunk ^ (k / 8 + 4 * group)) * 8);
        }
        if (k == 0)
            meanwhile();
        float products[GROUPS][OUTPUT_PARTS][4];
#pragma unroll
        for (int i = 0; i < 2 * ROW_PARTS; i++) {
            // What comes next is on its way while this is multiplied.
            if (i + 1 < 2 * ROW_PARTS)
                load_input(i + 1);
#pragma unroll
            for (int j = 0; j < GROUPS * OUTPUT_PARTS; j++) {
                const int group = j / OUTPUT_PARTS, part = j % OUTPUT_PARTS;
                const float zero[4] = {};
                float* product = products[group][part];
                mma_elements(product, a[i % 2][group], b[group][part] + i % 2 * 2, i % 2 == 0 ? zero : product);
            }
            if (i % 2 == 0)
                continue;
#pragma unroll
            for (int j = 0; j < GROUPS * OUTPUT_PARTS; j++) {
#pragma unroll
                for (int value = 0; value < 4; value++)
                    sums[i / 2][j % OUTPUT_PARTS][value] += products[j / OUTPUT_PARTS][j % OUTPUT_PARTS][value];
            }
        }
    }
}

__device__ __forceinline__ void store_pair(const GemmParams& p, int row, int column, float first, float second) {
    const long long place = (long long)row * p.output_stride + column;
    const bool whole = column + 1 < p.outputs;
    if (p.bias) {
        first += p.bias[column];
        second += whole ? p.bias[column + 1] : 0.0f;
    }
#if OUTPUT_F32
    float* output = (float*)p.output + place;
    if (whole)
        *reinterpret_cast<float2*>(output) = make_float2(first, second);
    else
        *output = first;
#else
    Element* output = (Element*)p.output + place;
    if (whole)
        *reinterpret_cast<u32*>(output) = pack_elements(first, second);
    else
        *output = to_element(first);
#endif
}

extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) gemm_bf16(const GemmParams p) {
    DYNAMIC_SHARED(Element, stages);
    const int2 tile = tile_of_block((p.outputs + TILE_OUTPUTS - 1) / TILE_OUTPUTS);
    const int first_row = tile.x * TILE_ROWS;
    const int first_output = tile.y * TILE_OUTPUTS;
    const int row_count = *p.row_count;

    const int column = threadIdx.x % INPUT_CHUNKS * 8;
    const Element* input = p.input + (long long)(first_row + (int)threadIdx.x / INPUT_CHUNKS) * p.input_stride + column;
    const Element* weight = p.weight + (long long)(first_output + (int)threadIdx.x / INPUT_CHUNKS) * p.inputs + column;
    const int steps = (p.inputs + 127) / 128 * (128 / TILE_K);
    int left = p.inputs - column;
    int at = 0;
    Element* filling = stages;
    const auto start_weight = [&]() {
        copy_tile<TILE_OUTPUTS>(filling + TILE_ROWS * TILE_K, weight, p.inputs, left > 0 ? p.outputs - first_output : 0);
    };
    // The first weights do not wait for the number of rows to arrive.
    start_weight();
    const int rows = row_count - first_row;
    if (rows <= 0) {
        cp_async_commit();
        cp_async_wait<0>();
        return;
    }
    const auto start_input = [&]() {
        copy_tile<TILE_ROWS>(filling, input, p.input_stride, left > 0 ? rows : 0);
        cp_async_commit();
        input += TILE_K;
        weight += TILE_K;
        left -= TILE_K;
        filling = filling == stages + (STAGES - 1) * STAGE_ELEMENTS ? stages : filling + STAGE_ELEMENTS;
    };
    // Starts filling the next stage; past the end of k with zeros, which nobody reads but which keep the count of groups simple.
    const auto start_next = [&]() {
        start_weight();
        start_input();
    };
    start_input();

    const int warp = threadIdx.x / 32;
    const int warp_row = warp / WARPS_BY_OUTPUT * WARP_ROWS;
    const int warp_output = warp % WARPS_BY_OUTPUT * WARP_OUTPUTS;
    float sums[ROW_PARTS][OUTPUT_PARTS][4] = {};
#pragma unroll 1
    for (int stage = 1; stage < STAGES - 1; stage++)
        start_next();
#pragma unroll 1
    for (int step = 0; step < steps; step++) {
        // The barrier shows everybody's copies of this step, and that all are done with the stage that the next copies overwrite.
        cp_async_wait<STAGES - 2>();
        __syncthreads();
        const Element* stage = stages + at * STAGE_ELEMENTS;
        multiply_stage(sums, stage + warp_row * TILE_K, stage + (TILE_ROWS + warp_output) * TILE_K, start_next);
        at = at == STAGES - 1 ? 0 : at + 1;
    }
    cp_async_wait<0>();

    const int lane = threadIdx.x % 32;
#pragma unroll
    for (int part = 0; part < ROW_PARTS; part++) {
#pragma unroll
        for (int half = 0; half < 2; half++) {
            const int row = warp_row + part * 16 + half * 8 + lane / 4;
            if (row >= rows)
                continue;
#pragma unroll
            for (int output = 0; output < OUTPUT_PARTS; output++) {
                const int column = first_output + warp_output + output * 8 + lane % 4 * 2;
                if (column < p.outputs)
                    store_pair(p, first_row + row, column, sums[part][output][2 * half], sums[part][output][2 * half + 1]);
            }
        }
    }
}
