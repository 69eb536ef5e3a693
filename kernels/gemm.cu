// gemm_bf16: output[r, n] = sum over k of input[r, k] weight[n, k] + bias[n], on tensor cores with F32 sums (ELEMENT_F16=1: F16 elements).
//
// Shapes: input Element [rows, inputs] at input_stride, weight Element [outputs, inputs] without gaps, bias F32 [outputs] or null, output
// [rows, outputs] at output_stride, Element or (OUTPUT_F32=1) F32. inputs and both strides are multiples of 8; outputs is any number. Rows
// from *row_count on and columns from `outputs` on are neither read nor written.
// Traffic floor: 2 inputs outputs bytes of weights, read once by each tile of rows, which is what decoding costs.
//
// A block computes a tile of TILE_ROWS by TILE_OUTPUTS, its warps WARP_ROWS by WARP_OUTPUTS each, over all of k: cp.async fills a ring of
// STAGES tiles of TILE_K, STAGES - 1 of them in flight, and ldmatrix feeds mma.m16n8k16. 16-byte chunk c of row r of a tile lies
// at chunk c ^ (r % 8), so neither the copies nor ldmatrix meet a bank conflict. Tiles of 16 rows are for decoding: they keep weights in
// flight (4 stages of 4 to 16 KiB a block) and little else. Tiles of 128 by 128 are for prefill.
// Launch: 32 (TILE_ROWS / WARP_ROWS) (TILE_OUTPUTS / WARP_OUTPUTS) threads; a one-dimensional grid of ceil(outputs / TILE_OUTPUTS) blocks for
// each tile of the padded number of rows; blocks of tiles beyond *row_count return at once. Eight tiles of rows share a run of
// weight tiles, so that the blocks in flight find both in L2. Dynamic shared memory: STAGES (TILE_ROWS + TILE_OUTPUTS) TILE_K elements.
// Deterministic, and equal bits from every tile: an output is one chain of mma over k ascending in steps of 16, k rounded up to a multiple
// of 128 with zeros, plus the bias. It depends on its row of the input and its row of the weights alone.
//
// Budget: gemm_bf16: 128 registers
// Configurations: TILE_ROWS=16 TILE_OUTPUTS=16,32,64
// Configurations: TILE_ROWS=64 TILE_OUTPUTS=32,64
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
#define BLOCKS 2
#elif TILE_ROWS == 64
#define WARP_ROWS 32
#define WARP_OUTPUTS (TILE_OUTPUTS / 2)
#define TILE_K 64
#define STAGES 4
#define BLOCKS 3
#else
#define WARP_ROWS 64
#define WARP_OUTPUTS 32
#define TILE_K 64
#define STAGES 3
#define BLOCKS 2
#endif

#define WARPS_BY_OUTPUT (TILE_OUTPUTS / WARP_OUTPUTS)
#define THREADS (32 * (TILE_ROWS / WARP_ROWS) * WARPS_BY_OUTPUT)
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

// Adds the products of one stage; `input` and `weight` begin at the warp's rows.
__device__ __forceinline__ void multiply_stage(float sums[ROW_PARTS][OUTPUT_PARTS][4], const Element* input, const Element* weight) {
    const int lane = threadIdx.x % 32;
    const Element* input_row = input + (lane % 16) * TILE_K;
    const Element* weight_row = weight + (lane % 8) * TILE_K;
    const int input_chunk = (lane / 16) ^ (lane % 8);
    const int weight_chunk = (lane / 8) ^ (lane % 8);
#pragma unroll
    for (int k = 0; k < TILE_K; k += 32) {
        u32 b[OUTPUT_PARTS][4];
#pragma unroll
        for (int part = 0; part < OUTPUT_PARTS; part++)
            ldmatrix_x4(b[part], weight_row + part * 8 * TILE_K + (weight_chunk ^ (k / 8)) * 8);
        // The inputs of a part are on their way while the part before is multiplied.
        u32 a[2][4];
        ldmatrix_x4(a[0], input_row + (input_chunk ^ (k / 8)) * 8);
#pragma unroll
        for (int i = 0; i < 2 * ROW_PARTS; i++) {
            const int next = i + 1;
            if (next < 2 * ROW_PARTS)
                ldmatrix_x4(a[next % 2], input_row + next % ROW_PARTS * 16 * TILE_K + (input_chunk ^ (k / 8 + next / ROW_PARTS * 2)) * 8);
#pragma unroll
            for (int part = 0; part < OUTPUT_PARTS; part++)
                mma_elements(sums[i % ROW_PARTS][part], a[i % 2], b[part] + i / ROW_PARTS * 2, sums[i % ROW_PARTS][part]);
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
    const int rows = *p.row_count - first_row;
    if (rows <= 0)
        return;

    const int column = threadIdx.x % INPUT_CHUNKS * 8;
    const Element* input = p.input + (long long)(first_row + (int)threadIdx.x / INPUT_CHUNKS) * p.input_stride + column;
    const Element* weight = p.weight + (long long)(first_output + (int)threadIdx.x / INPUT_CHUNKS) * p.inputs + column;
    const int steps = (p.inputs + 127) / 128 * (128 / TILE_K);
    int left = p.inputs - column;
    int at = 0;
    Element* filling = stages;
    // Starts filling the next stage; past the end of k with zeros, which nobody reads but which keep the count of groups simple.
    const auto start_next = [&]() {
        copy_tile<TILE_ROWS>(filling, input, p.input_stride, left > 0 ? rows : 0);
        copy_tile<TILE_OUTPUTS>(filling + TILE_ROWS * TILE_K, weight, p.inputs, left > 0 ? p.outputs - first_output : 0);
        cp_async_commit();
        input += TILE_K;
        weight += TILE_K;
        left -= TILE_K;
        filling = filling == stages + (STAGES - 1) * STAGE_ELEMENTS ? stages : filling + STAGE_ELEMENTS;
    };

    const int warp = threadIdx.x / 32;
    const int warp_row = warp / WARPS_BY_OUTPUT * WARP_ROWS;
    const int warp_output = warp % WARPS_BY_OUTPUT * WARP_OUTPUTS;
    float sums[ROW_PARTS][OUTPUT_PARTS][4] = {};
#pragma unroll 1
    for (int stage = 0; stage < STAGES - 1; stage++)
        start_next();
#pragma unroll 1
    for (int step = 0; step < steps; step++) {
        // The barrier shows everybody's copies of this step, and that all are done with the stage that the next copies overwrite.
        cp_async_wait<STAGES - 2>();
        __syncthreads();
        start_next();
        const Element* stage = stages + at * STAGE_ELEMENTS;
        multiply_stage(sums, stage + warp_row * TILE_K, stage + (TILE_ROWS + warp_output) * TILE_K);
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
