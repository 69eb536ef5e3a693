// rms_norm: adds a layer's result to the residual stream and normalises it for the next one.
//   residual[r] += delta[r];   output[r] = residual[r] / sqrt(mean(residual[r]^2) + epsilon) * weight
//
// Without source_rows, output row r belongs to residual row r, which is written back (unless delta is null: then it is as it was).
// With source_rows, output row r normalises residual row source_rows[r] plus its delta, and the residual stays as it is: this
// picks the rows whose logits are wanted at the end of a step.
//
// Shapes: residual F32 [rows, hidden], delta and output Element [rows, hidden], all at row_stride(hidden); weight F32 [hidden].
// Traffic floor a row: 4 hidden read, 2 hidden written, and with delta 2 hidden read and 4 hidden written; the weights stay in cache.
// Launch: one block a row over the padded number of rows; blocks from *row_count on return at once. A thread holds CHUNKS times 8 values,
// chunk i of thread t being values [8 (i T + t), + 8), so hidden <= 8 T CHUNKS with T <= 256 threads; the row is read once.
// Deterministic: a thread adds its squares in ascending order, a warp by a butterfly, the block in ascending warps. The order follows from
// T and CHUNKS, which the launcher chooses by hidden alone.
//
// Budget: rms_norm: 224 registers
// Configurations: CHUNKS=1,2,4,8 ELEMENT_F16=0,1
#include "prelude.cuh"
#include "rows.cuh"

#ifndef CHUNKS
#define CHUNKS 1
#endif

struct RmsNormParams {
    float* residual;
    const Element* delta;
    const float* weight;
    Element* output;
    const int* source_rows;
    const int* row_count;
    int hidden;
    float epsilon;
};
static_assert(sizeof(RmsNormParams) == 56, "RmsNormParams is shared with the host");

// The sum over the block's threads, the same bits in every thread.
__device__ __forceinline__ float block_sum(float value) {
    __shared__ float warp_sums[8];
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
        value += __shfl_xor_sync(0xffffffffu, value, distance);
    if (threadIdx.x % 32 == 0)
        warp_sums[threadIdx.x / 32] = value;
    __syncthreads();
    float sum = warp_sums[0];
    for (int warp = 1; warp < (int)blockDim.x / 32; warp++)
        sum += warp_sums[warp];
    return sum;
}

extern "C" __global__ void __launch_bounds__(256) rms_norm(const RmsNormParams p) {
    const int row = blockIdx.x;
    if (row >= *p.row_count)
        return;
    const long long source = (p.source_rows ? p.source_rows[row] : row) * (long long)row_stride(p.hidden);

    // All loads are started before the first value is used; the weights are wanted only after the sum.
    float values[CHUNKS][8], weights[CHUNKS][8];
    uint4 deltas[CHUNKS];
#pragma unroll
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        const int first = 8 * (chunk * blockDim.x + threadIdx.x);
        const int valid = p.hidden - first;
        load_floats(values[chunk], p.residual + source + first, valid);
        deltas[chunk] = make_uint4(0, 0, 0, 0);
        if (p.delta && valid > 0)
            deltas[chunk] = *reinterpret_cast<const uint4*>(p.delta + source + first);
        load_floats(weights[chunk], p.weight + first, valid);
    }

    float squares = 0.0f;
#pragma unroll
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        const int first = 8 * (chunk * blockDim.x + threadIdx.x);
        float delta[8];
        unpack_elements(delta, deltas[chunk], p.hidden - first);
#pragma unroll
        for (int i = 0; i < 8; i++) {
            values[chunk][i] += delta[i];
            squares = fmaf(values[chunk][i], values[chunk][i], squares);
        }
        if (p.delta && !p.source_rows && first < p.hidden)
            store_floats(p.residual + source + first, values[chunk]);
    }

    const float scale = rsqrtf(block_sum(squares) / (float)p.hidden + p.epsilon);
    Element* output = p.output + (long long)row * row_stride(p.hidden);
#pragma unroll
    for (int chunk = 0; chunk < CHUNKS; chunk++) {
        const int first = 8 * (chunk * blockDim.x + threadIdx.x);
        if (first >= p.hidden)
            continue;
#pragma unroll
        for (int i = 0; i < 8; i++)
            values[chunk][i] = values[chunk][i] * scale * weights[chunk][i];
        store_elements(output + first, values[chunk]);
    }
}
