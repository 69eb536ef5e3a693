namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Kernels that hand out what warp functions, block barriers and atomics gave each thread.</summary>
internal static class WarpKernels
{
    public const string Source = """
        #define KERNEL(name) extern "C" __global__ void __launch_bounds__(96) name(const ProbeParams p)
        #define THREAD ((int)(blockIdx.x * blockDim.x + threadIdx.x))

        // input: value, selector of each thread; argument: width.
        KERNEL(shuffles) {
            const u32 value = p.input[2 * THREAD], selector = p.input[2 * THREAD + 1];
            u32* output = p.output + 7 * THREAD;
            output[0] = __shfl_sync(0xffffffffu, value, (int)selector, p.argument);
            output[1] = __shfl_up_sync(0xffffffffu, value, selector, p.argument);
            output[2] = __shfl_down_sync(0xffffffffu, value, selector, p.argument);
            output[3] = __shfl_xor_sync(0xffffffffu, value, (int)selector, p.argument);
            const u64 wide = __shfl_xor_sync(0xffffffffu, (u64)value << 32 | ~value, (int)selector, p.argument);
            output[4] = (u32)wide;
            output[5] = (u32)(wide >> 32);
            output[6] = __float_as_uint(__shfl_down_sync(0xffffffffu, __uint_as_float(value), selector, p.argument));
        }
        // argument: the lanes that take part.
        KERNEL(votes) {
            const u32 mask = (u32)p.argument, value = p.input[THREAD];
            if (!(mask >> threadIdx.x % 32 & 1)) return;
            u32* output = p.output + 15 * THREAD;
            output[0] = __ballot_sync(mask, value & 1);
            output[1] = (u32)__any_sync(mask, value == 3);
            output[2] = (u32)__all_sync(mask, value != 3);
            output[3] = __match_any_sync(mask, value);
            output[4] = __match_any_sync(mask, (u64)value << 40);
            output[5] = __reduce_add_sync(mask, value * 0x9e3779b9u);
            output[6] = __reduce_min_sync(mask, value * 0x9e3779b9u);
            output[7] = __reduce_max_sync(mask, value * 0x9e3779b9u);
            output[8] = (u32)__reduce_add_sync(mask, (int)(value * 0x9e3779b9u));
            output[9] = (u32)__reduce_min_sync(mask, (int)(value * 0x9e3779b9u));
            output[10] = (u32)__reduce_max_sync(mask, (int)(value * 0x9e3779b9u));
            output[11] = __reduce_and_sync(mask, value * 0x9e3779b9u | 0xff);
            output[12] = __reduce_or_sync(mask, value << 7);
            output[13] = __reduce_xor_sync(mask, value * 0x9e3779b9u);
            output[14] = __shfl_sync(mask, value, 31 - __clz((int)mask));
        }
        // Every thread shuffles as two masks in turn: halves of a warp are apart, then together.
        KERNEL(halves) {
            const u32 half = threadIdx.x % 32 < 16 ? 0x0000ffffu : 0xffff0000u;
            u32 sum = __reduce_add_sync(half, p.input[THREAD]);
            sum = sum * 1000 + __reduce_add_sync(0xffffffffu, p.input[THREAD]);
            p.output[THREAD] = sum;
        }
        KERNEL(counted_barriers) {
            for (int round = 0; round < 3; round++) {
                const int predicate = (int)(p.input[THREAD] >> round & 1);
                u32* output = p.output + 9 * THREAD + 3 * round;
                output[0] = (u32)__syncthreads_count(predicate);
                output[1] = __syncthreads_and(predicate) != 0;
                output[2] = __syncthreads_or(predicate) != 0;
            }
        }

        // output: 12 cells of 32 bits, then 10 of 64 bits that begin at cell 12, then for each thread what the first addition returned.
        KERNEL(atomics) {
            const u32 value = p.input[THREAD];
            u32* cell = p.output;
            atomicAdd(cell, value);
            atomicSub(cell + 1, value);
            atomicMin(cell + 2, value);
            atomicMax(cell + 3, value);
            atomicMin((int*)cell + 4, (int)value);
            atomicMax((int*)cell + 5, (int)value);
            atomicAnd(cell + 6, value | 0x0f0f0000u);
            atomicOr(cell + 7, value & 0x00f0f0f0u);
            atomicXor(cell + 8, value);
            atomicAdd((float*)cell + 9, (float)(value % 1000));
            atomicInc(cell + 10, 99);
            for (u32 seen = cell[11];;) {
                const u32 before = atomicCAS(cell + 11, seen, seen ^ value);
                if (before == seen) break;
                seen = before;
            }
            u64* wide = (u64*)(cell + 12);
            const u64 big = (u64)value << 29 ^ value;
            atomicAdd(wide, big);
            atomicMin(wide + 1, big);
            atomicMax(wide + 2, big);
            atomicAnd(wide + 3, big | 0xf0f0f0f0f0full);
            atomicOr(wide + 4, big);
            atomicXor(wide + 5, big);
            for (u64 seen = atomicAdd(wide + 6, 0ull);;) {
                const u64 before = atomicCAS(wide + 6, seen, seen + big);
                if (before == seen) break;
                seen = before;
            }
            atomicAdd(wide + 7, (u64)atomicExch(cell + 28, value));
            p.output[32 + THREAD] = atomicAdd(cell + 29, 1u);
        }
        // Counts in shared memory how often each of 16 values comes.
        KERNEL(histogram) {
            __shared__ u32 counts[16];
            if (threadIdx.x < 16) counts[threadIdx.x] = 0;
            __syncthreads();
            atomicAdd(counts + p.input[THREAD] % 16, 1u);
            __syncthreads();
            if (threadIdx.x < 16) p.output[16 * blockIdx.x + threadIdx.x] = counts[threadIdx.x];
        }
        """;
}
