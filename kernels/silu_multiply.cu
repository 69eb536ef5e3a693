// silu_multiply: the gated activation, output[r, i] = gate / (1 + e^-gate) * up with gate = gate_up[r, i], up = gate_up[r, stride + i].
//
// Shapes: output Element [rows, width] at stride = row_stride(width); gate_up Element [rows, 2 stride], the gate first, the up half
// beginning at stride (with a width that is a multiple of 8, plainly [rows, 2 width]).
// Traffic floor: 6 width bytes a row (4 read, 2 written). Launch: 128 threads of 8 values each, ceil(stride / 1024) blocks a row, rows
// outermost, over the padded number of rows; blocks of rows from *row_count on return at once. Deterministic: every value by itself.
//
// Budget: silu_multiply: 40 registers
// Configurations: ELEMENT_F16=0,1
#include "prelude.cuh"
#include "rows.cuh"

struct SiluMultiplyParams {
    const Element* gate_up;
    Element* output;
    const int* row_count;
    int width;
    int reserved;
};
static_assert(sizeof(SiluMultiplyParams) == 32, "SiluMultiplyParams is shared with the host");

__device__ __forceinline__ float silu(float x) { return x / (1.0f + exp2_approximate(-1.44269504f * x)); }

extern "C" __global__ void __launch_bounds__(128) silu_multiply(const SiluMultiplyParams p) {
    const int stride = row_stride(p.width);
    const int parts = (stride + 1023) / 1024;
    const int row = blockIdx.x / parts;
    const int first = (blockIdx.x % parts * 128 + threadIdx.x) * 8;
    if (row >= *p.row_count || first >= p.width)
        return;
    const Element* gate_up = p.gate_up + (long long)row * 2 * stride + first;
    float gate[8], up[8];
    load_elements(gate, gate_up, p.width - first);
    load_elements(up, gate_up + stride, p.width - first);
#pragma unroll
    for (int i = 0; i < 8; i++)
        gate[i] = silu(gate[i]) * up[i];
    store_elements(p.output + (long long)row * stride + first, gate);
}
