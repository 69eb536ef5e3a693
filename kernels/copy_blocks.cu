// copy_blocks: copy on write in the paged KV cache, for all layers: cache[layer][destination] = cache[layer][source].
//
// Shapes: a block of a layer is block_elements contiguous elements (a multiple of 8), block b of layer l begins at l layer_stride +
// b block_elements. copies [*copy_count] of (source, destination). The copies of a launch run in no particular order, so no destination may be
// a source or twice a destination: the step planner takes destinations from the free blocks and keeps sources from being freed until
// the step has run.
// Traffic floor: 4 block_elements bytes a copy and layer (half read, half written). Launch: a fixed grid of 256 threads a block, whatever
// the number of copies, each block taking pieces of 16 KiB by stride. Deterministic: bytes are copied.
//
// Budget: copy_blocks: 40 registers
// Configurations: ELEMENT_F16=0
#include "prelude.cuh"

struct CopyBlocksParams {
    Element* cache;
    const int2* copies;
    const int* copy_count;
    long long layer_stride;
    int block_elements;
    int layers;
};
static_assert(sizeof(CopyBlocksParams) == 40, "CopyBlocksParams is shared with the host");

#define THREADS 256
#define IN_FLIGHT 4

extern "C" __global__ void __launch_bounds__(THREADS) copy_blocks(const CopyBlocksParams p) {
    const int words = p.block_elements / 8;
    const int pieces = (words + THREADS * IN_FLIGHT - 1) / (THREADS * IN_FLIGHT);
    const long long items = (long long)*p.copy_count * p.layers * pieces;
    for (long long item = blockIdx.x; item < items; item += gridDim.x) {
        const int piece = (int)(item % pieces);
        const int layer = (int)(item / pieces % p.layers);
        const int2 copy = p.copies[item / pieces / p.layers];
        Element* base = p.cache + layer * p.layer_stride;
        const uint4* source = reinterpret_cast<const uint4*>(base + (long long)copy.x * p.block_elements);
        uint4* destination = reinterpret_cast<uint4*>(base + (long long)copy.y * p.block_elements);
        const int first = piece * THREADS * IN_FLIGHT + threadIdx.x;
        uint4 held[IN_FLIGHT];
#pragma unroll
        for (int i = 0; i < IN_FLIGHT; i++)
            if (first + i * THREADS < words)
                held[i] = source[first + i * THREADS];
#pragma unroll
        for (int i = 0; i < IN_FLIGHT; i++)
            if (first + i * THREADS < words)
                destination[first + i * THREADS] = held[i];
    }
}
