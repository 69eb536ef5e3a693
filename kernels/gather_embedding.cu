// gather_embedding: the residual stream's first rows, residual[r] = embedding[token of r] in F32.
//
// tokens[r] >= 0 is a token id. tokens[r] < 0 names the token that the step before drew in slot ~tokens[r] of `previous`, so that a step
// can be launched before the draws of the one before it have reached the host. A drawn token outside [0, vocabulary) stands for a row
// that failed; it is read as token 0, and whoever collects that step reports it.
//
// Shapes: embedding Element [vocabulary, hidden], residual F32 [rows, hidden], tokens [rows], previous [draws]; rows at row_stride(hidden).
// Traffic floor: 6 hidden bytes a row (2 read, 4 written). Launch: 128 threads and one block a row, over the padded number of rows; blocks
// from *row_count on return at once and write nothing. Deterministic: every value is written once.
//
// Budget: gather_embedding: 32 registers
// Configurations: ELEMENT_F16=0,1
#include "draw.cuh"
#include "prelude.cuh"
#include "rows.cuh"

struct GatherEmbeddingParams {
    const Element* embedding;
    const int* tokens;
    const Draw* previous;
    float* residual;
    const int* row_count;
    int hidden;
    int vocabulary;
};
static_assert(sizeof(Draw) == 12, "Draw is shared with the host");
static_assert(sizeof(GatherEmbeddingParams) == 48, "GatherEmbeddingParams is shared with the host");

__device__ __forceinline__ int token_of(const GatherEmbeddingParams& p, int row) {
    const int token = p.tokens[row];
    if (token >= 0)
        return token;
    const int drawn = p.previous[~token].token;
    return drawn >= 0 && drawn < p.vocabulary ? drawn : 0;
}

extern "C" __global__ void __launch_bounds__(128) gather_embedding(const GatherEmbeddingParams p) {
    const int row = blockIdx.x;
    if (row >= *p.row_count)
        return;
    const int stride = row_stride(p.hidden);
    const Element* source = p.embedding + (long long)token_of(p, row) * stride;
    float* target = p.residual + (long long)row * stride;
#pragma unroll 2
    for (int first = threadIdx.x * 8; first < p.hidden; first += 128 * 8) {
        float values[8];
        load_elements(values, source + first, p.hidden - first);
        store_floats(target + first, values);
    }
}
