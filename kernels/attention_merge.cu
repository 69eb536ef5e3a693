// The attention of rows that lie in more than one split: the states of their splits, merged in position order.
//
//   M = max m_i    w_i = 2^(m_i - M)    l = sum l_i w_i    output = (sum o_i w_i) / l
//
// The sums run over the splits i in position order, whoever computes them, so a row's output depends on its states alone. With one split,
// w = 2^0 = 1 exactly and the output is o / l, bit for bit what attention_segments writes for a row that it completes.
//
// state_sums    [slots, heads] (m, l), state_outputs [slots, heads, HEAD_DIM], F32
// rows, slots   see AttentionMergeRow
// output        Element [rows, heads * HEAD_DIM]
//
// Traffic floor, bytes: a row's splits * heads * (HEAD_DIM + 2) * 4 in, heads * HEAD_DIM * 2 out.
// Launch: any number of blocks of 128 threads; a thread merges four neighbouring output elements and strides over the work, the number
// of rows is read from device memory. Sums of 8 bytes are read by HEAD_DIM / 4 threads each, from the cache.
//
// Configurations: HEAD_DIM=16,32,48,64,80,96,112,128 ELEMENT_F16=0,1
// Budget: attention_merge: 48 registers
#include "attention.cuh"

#define THREADS 128
#define PARTS (HEAD_DIM / 4)

struct AttentionMergeParams {
    const float2* state_sums;
    const float* state_outputs;
    const AttentionMergeRow* rows;
    const int* slots;
    const int* row_count;
    Element* output;
    int heads;
    int output_stride;
};
static_assert(sizeof(AttentionMergeParams) == 56, "as AttentionParams.cs");

extern "C" __global__ void __launch_bounds__(THREADS) attention_merge(const AttentionMergeParams p) {
    const int parts_per_row = p.heads * PARTS;
    const long long work_count = (long long)*p.row_count * parts_per_row;
    for (long long work = (long long)blockIdx.x * THREADS + threadIdx.x; work < work_count; work += (long long)gridDim.x * THREADS) {
        const AttentionMergeRow row = p.rows[work / parts_per_row];
        const int part = (int)(work % parts_per_row);
        const int head = part / PARTS;
        const int* const slots = p.slots + row.first_slot;

        float maximum = NEGATIVE_INFINITY;
        for (int i = 0; i < row.slot_count; i++)
            maximum = fmaxf(maximum, p.state_sums[(long long)slots[i] * p.heads + head].x);
        maximum = subtrahend(maximum);

        float sum = 0.0f;
        float4 output = make_float4(0.0f, 0.0f, 0.0f, 0.0f);
        for (int i = 0; i < row.slot_count; i++) {
            const float2 sums = p.state_sums[(long long)slots[i] * p.heads + head];
            const float4 part_output = *(const float4*)(p.state_outputs + (long long)slots[i] * p.heads * HEAD_DIM + part * 4);
            const float weight = exp2_approximate(sums.x - maximum);
            sum = fmaf(sums.y, weight, sum);
            output.x = fmaf(part_output.x, weight, output.x);
            output.y = fmaf(part_output.y, weight, output.y);
            output.z = fmaf(part_output.z, weight, output.z);
            output.w = fmaf(part_output.w, weight, output.w);
        }
        const float inverse = 1.0f / sum;
        uint2 packed;
        packed.x = pack_elements(normalised(output.x, inverse), normalised(output.y, inverse));
        packed.y = pack_elements(normalised(output.z, inverse), normalised(output.w, inverse));
        *(uint2*)(p.output + (long long)row.row * p.output_stride + part * 4) = packed;
    }
}
