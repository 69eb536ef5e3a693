// rope_store_kv: rotates queries and keys by their position and puts keys and values where attention finds them.
//   (x[i], x[i + D/2]) -> (x[i] cos - x[i + D/2] sin, x[i + D/2] cos + x[i] sin), D = HEAD_DIM, (cos, sin) = rope[positions[r], i]
// Where the model has per-head norms, x = x / sqrt(mean(x^2) + epsilon) * norm comes before the rotation.
//
// A value that is not finite is stored as 0, and the key beside it as NaN: rows that attend to the position still become NaN, but rows of
// the same tile that do not are spared the product of weight 0 and infinity.
//
// Shapes: heads Element [rows, heads + 2 kv_heads, D]: queries, rotated in place; keys and values, read. cache Element, one layer,
// [block][keys, values][kv head][16][D]; row r goes to place slots[r] % 16 of block slots[r] / 16. rope F32 pairs [positions, D / 2].
// query_norm, key_norm F32 [D], or null.
// Traffic floor a row: 4 D (heads + 2 kv_heads) bytes (half read, half written) and 4 D for the table, which stays in cache; the warps of
// keys read the values beside them too. Launch: 256 threads, a warp a (row, head), over the padded number of rows; warps of rows from
// *row_count on return at once. Lane l < D / 4 holds values 2 l and 2 l + 1 of both halves. Deterministic: the norm's sum is a butterfly
// over lanes; a rotated value is one product, rounded, and one fused multiply-add, whatever the architecture; values are F32 until they are
// rounded once, when stored.
//
// Budget: rope_store_kv: 32 registers
// Configurations: HEAD_DIM=16,32,48,64,80,96,112,128 ELEMENT_F16=0,1
#include "prelude.cuh"

#ifndef HEAD_DIM
#define HEAD_DIM 64
#endif
static_assert(HEAD_DIM % 16 == 0 && HEAD_DIM >= 16 && HEAD_DIM <= 128, "a lane holds four values of a head");

struct RopeStoreKvParams {
    Element* heads;
    Element* cache;
    const int* positions;
    const int* slots;
    const float2* rope;
    const float* query_norm;
    const float* key_norm;
    const int* row_count;
    int head_count;
    int kv_heads;
    float epsilon;
    int reserved;
};
static_assert(sizeof(RopeStoreKvParams) == 80, "RopeStoreKvParams is shared with the host");

#if ELEMENT_F16
#define EXPONENT 0x7c00u
#else
#define EXPONENT 0x7f80u
#endif

#define LANES (HEAD_DIM / 4)
#define BLOCK_SIZE 16

// Two neighbours of the first half of a head and their partners in the second half.
struct LaneValues {
    float low[2], high[2];
};

__device__ __forceinline__ void normalise(LaneValues& x, const float* norm, float epsilon, int lane) {
    float squares = x.low[0] * x.low[0];
    squares = fmaf(x.low[1], x.low[1], squares);
    squares = fmaf(x.high[0], x.high[0], squares);
    squares = fmaf(x.high[1], x.high[1], squares);
#pragma unroll
    for (int distance = 16; distance > 0; distance /= 2)
        squares += __shfl_xor_sync(0xffffffffu, squares, distance);
    const float scale = rsqrtf(squares / (float)HEAD_DIM + epsilon);
    if (lane >= LANES)
        return;
    const float2 low = reinterpret_cast<const float2*>(norm)[lane];
    const float2 high = reinterpret_cast<const float2*>(norm)[lane + LANES];
    x.low[0] = x.low[0] * scale * low.x;
    x.low[1] = x.low[1] * scale * low.y;
    x.high[0] = x.high[0] * scale * high.x;
    x.high[1] = x.high[1] * scale * high.y;
}

__device__ __forceinline__ void rotate(float& low, float& high, float cosine, float sine) {
    const float first = fmaf(low, cosine, -(high * sine));
    high = fmaf(high, cosine, low * sine);
    low = first;
}

// The pair of elements with 0 in the place of what is not finite.
__device__ __forceinline__ u32 finite_part(u32 pair) {
    const u32 low = (pair & EXPONENT) == EXPONENT ? 0 : pair & 0xffffu;
    const u32 high = (pair >> 16 & EXPONENT) == EXPONENT ? 0 : pair & 0xffff0000u;
    return low | high;
}

extern "C" __global__ void __launch_bounds__(256) rope_store_kv(const RopeStoreKvParams p) {
    const int lane = threadIdx.x % 32;
    const int head_total = p.head_count + 2 * p.kv_heads;
    const long long item = (long long)blockIdx.x * 8 + threadIdx.x / 32;
    const int row = (int)(item / head_total);
    const int head = (int)(item % head_total);
    if (row >= *p.row_count)
        return;

    u32* source = reinterpret_cast<u32*>(p.heads + item * HEAD_DIM);
    u32 low = 0, high = 0;
    if (lane < LANES) {
        low = source[lane];
        high = source[lane + LANES];
    }
    u32* target = source;
    if (head >= p.head_count) {
        // Heads after the queries lie in the cache's order: keys of every kv head, then values.
        const int slot = p.slots[row];
        const long long place = (long long)(slot / BLOCK_SIZE) * 2 * p.kv_heads + (head - p.head_count);
        target = reinterpret_cast<u32*>(p.cache + (place * BLOCK_SIZE + slot % BLOCK_SIZE) * HEAD_DIM);
    }

    if (head < p.head_count + p.kv_heads) {
        LaneValues x = {{low_float(low), high_float(low)}, {low_float(high), high_float(high)}};
        const float* norm = head < p.head_count ? p.query_norm : p.key_norm;
        if (norm)
            normalise(x, norm, p.epsilon, lane);
        if (lane < LANES) {
            const float2* table = p.rope + (long long)p.positions[row] * (HEAD_DIM / 2);
            const float4 turn = reinterpret_cast<const float4*>(table)[lane];
            rotate(x.low[0], x.high[0], turn.x, turn.y);
            rotate(x.low[1], x.high[1], turn.z, turn.w);
        }
        low = pack_elements(x.low[0], x.low[1]);
        high = pack_elements(x.high[0], x.high[1]);
        if (head >= p.head_count) {
            const u32* value = source + p.kv_heads * (HEAD_DIM / 2);
            const bool bad = lane < LANES
                && (finite_part(value[lane]) != value[lane] || finite_part(value[lane + LANES]) != value[lane + LANES]);
            if (__any_sync(0xffffffffu, bad))
                low = high = 0x7fff7fffu;
        }
    } else {
        low = finite_part(low);
        high = finite_part(high);
    }
    if (lane < LANES) {
        target[lane] = low;
        target[lane + LANES] = high;
    }
}
