namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Small kernels, each with one bug where FAULTY is 1 and without it where FAULTY is 0.</summary>
internal static class FaultyKernels
{
    public const string Source = SharedMemory + AsyncCopies + DeviceMemory + Convergence;

    private const string SharedMemory = """
        #define KERNEL(name) extern "C" __global__ void __launch_bounds__(64) name(const ProbeParams p)
        #define INDEX ((int)threadIdx.x)

        KERNEL(missing_barrier) {
            __shared__ u32 values[64];
            values[INDEX] = 0;
            __syncthreads();
            values[INDEX] = p.input[INDEX];
            if (!FAULTY) __syncthreads();
            p.output[INDEX] = values[63 - INDEX];
        }
        KERNEL(overwritten_too_early) {
            __shared__ u32 values[64];
            for (u32 round = 0; round < 3; round++) {
                values[INDEX] = p.input[INDEX] + round;
                __syncthreads();
                p.output[INDEX] = values[63 - INDEX];
                if (!FAULTY) __syncthreads();
            }
        }
        KERNEL(race_in_warp) {
            __shared__ u32 values[64];
            values[INDEX] = 0;
            __syncwarp();
            values[INDEX] = p.input[INDEX];
            if (!FAULTY) __syncwarp();
            p.output[INDEX] = values[INDEX ^ 1];
        }
        KERNEL(warp_barrier_between_warps) {
            __shared__ u32 values[64];
            values[INDEX] = 0;
            __syncthreads();
            values[INDEX] = p.input[INDEX];
            if (FAULTY) __syncwarp(); else __syncthreads();
            p.output[INDEX] = values[INDEX ^ 32];
        }
        KERNEL(uninitialised_shared) {
            __shared__ u32 values[64];
            if (INDEX < 63 || !FAULTY) values[INDEX] = p.input[INDEX];
            __syncthreads();
            p.output[INDEX] = values[63 - INDEX];
        }
        KERNEL(past_dynamic_shared) {
            DYNAMIC_SHARED(u32, values);
            values[INDEX + FAULTY] = p.input[INDEX];
            p.output[INDEX] = values[INDEX + FAULTY];
        }
        KERNEL(past_static_shared) {
            __shared__ u32 first[64];
            __shared__ u32 second[64];
            second[INDEX] = 1;
            first[INDEX + FAULTY] = p.input[INDEX];
            p.output[INDEX] = first[INDEX + FAULTY] + second[INDEX];
        }
        KERNEL(past_local_array) {
            u32 values[4] = {1, 2, 3, 4};
            for (int i = 0; i < 4; i++) values[i] += p.input[i];
            p.output[INDEX] = values[(int)p.input[INDEX] % 4 + 4 * FAULTY];
        }

        """;

    private const string AsyncCopies = """
        KERNEL(unwaited_copy) {
            DYNAMIC_SHARED(u32, values);
            cp_async_16(values + 4 * INDEX, p.input + 4 * INDEX);
            cp_async_commit();
            if (!FAULTY) cp_async_wait<0>();
            p.output[INDEX] = values[4 * INDEX];
            cp_async_wait<0>();
        }
        KERNEL(waits_for_too_few_groups) {
            DYNAMIC_SHARED(u32, values);
            cp_async_16(values + 8 * INDEX, p.input + 4 * INDEX);
            cp_async_commit();
            cp_async_16(values + 8 * INDEX + 4, p.input + 4 * INDEX);
            cp_async_commit();
            cp_async_wait<FAULTY>();
            p.output[INDEX] = values[8 * INDEX] + values[8 * INDEX + 4];
            cp_async_wait<0>();
        }
        KERNEL(copy_of_another_thread) {
            DYNAMIC_SHARED(u32, values);
            values[4 * INDEX] = values[4 * INDEX + 1] = values[4 * INDEX + 2] = values[4 * INDEX + 3] = 0;
            __syncthreads();
            cp_async_16(values + 4 * INDEX, p.input + 4 * INDEX);
            cp_async_commit();
            cp_async_wait<0>();
            if (!FAULTY) __syncthreads();
            p.output[INDEX] = values[4 * (15 - INDEX)];
        }
        KERNEL(exit_with_pending_copy) {
            DYNAMIC_SHARED(u32, values);
            cp_async_16(values + 4 * INDEX, p.input + 4 * INDEX);
            cp_async_commit();
            p.output[INDEX] = 1;
            if (!FAULTY) cp_async_wait<0>();
        }
        KERNEL(misaligned_copy) {
            DYNAMIC_SHARED(u32, values);
            cp_async_16(values + 4 * INDEX, p.input + 4 * (INDEX % 8) + FAULTY);
            cp_async_commit();
            cp_async_wait<0>();
            p.output[INDEX] = values[4 * INDEX];
        }

        """;

    private const string DeviceMemory = """
        KERNEL(off_by_one) { p.output[INDEX + FAULTY] = p.input[INDEX]; }
        KERNEL(before_the_start) { p.output[INDEX] = p.input[INDEX - FAULTY]; }
        KERNEL(far_outside) { p.output[INDEX] = p.input[INDEX + (FAULTY ? 1 << 28 : 0)]; }
        KERNEL(null_pointer) {
            const u32* input = FAULTY ? nullptr : p.input;
            if (p.argument) input = p.output;
            p.output[INDEX] = input[INDEX];
        }
        KERNEL(misaligned_vector) {
            const uint4 four = *(const uint4*)(p.input + 4 * (INDEX % 8) + FAULTY);
            p.output[INDEX] = four.x + four.y + four.z + four.w;
        }
        KERNEL(uninitialised_device) {
            // The output was never written: it was allocated, no more.
            if (!FAULTY) p.output[INDEX] = p.input[INDEX];
            p.output[INDEX] += 1;
        }
        KERNEL(blocks_write_the_same) {
            if (INDEX != 0) return;
            if (FAULTY) p.output[0] = blockIdx.x;
            else atomicAdd(p.output, blockIdx.x);
        }
        KERNEL(reads_another_thread) {
            p.output[INDEX] = 0;
            __syncthreads();
            p.output[INDEX] = p.input[INDEX];
            if (!FAULTY) __syncthreads();
            const u32 other = p.output[63 - INDEX];
            __syncthreads();
            p.output[INDEX] = other;
        }
        KERNEL(reads_another_block) {
            const int i = INDEX + 32 * (int)blockIdx.x;
            p.output[i] = p.input[i];
            p.output[i] += p.output[FAULTY ? INDEX : i];
        }
        __device__ __noinline__ u32 descend(volatile u32* path, u32 depth) {
            volatile u32 here[64];
            here[depth & 63] = depth;
            if (depth == 0) return path[0];
            return descend(here, depth - 1) + here[depth & 63];
        }
        KERNEL(endless_stack) {
            volatile u32 start[1] = {1};
            p.output[INDEX] = descend(start, FAULTY ? 1 << 20 : 3);
        }

        """;

    private const string Convergence = """
        KERNEL(mixed_collectives) {
            const u32 value = p.input[INDEX];
            if (FAULTY && INDEX % 32 < 16) p.output[INDEX] = __shfl_sync(0xffffffffu, value, 0);
            else p.output[INDEX] = __ballot_sync(0xffffffffu, value & 1);
        }
        KERNEL(mask_without_its_lane) {
            const u32 lane = INDEX % 32;
            if (lane < 16) p.output[INDEX] = __reduce_add_sync(FAULTY ? 0xffff0000u : 0x0000ffffu, lane);
            else p.output[INDEX] = 0;
        }
        KERNEL(warp_barrier_of_one_lane) {
            if (FAULTY && INDEX == 32) __syncwarp();
            __syncthreads();
            p.output[INDEX] = 1;
        }
        KERNEL(mixed_barriers) {
            if (INDEX < 32 && FAULTY) p.output[INDEX] = (u32)__syncthreads_count(1);
            else __syncthreads();
            p.output[INDEX] = 1;
        }
        KERNEL(trap) {
            if (FAULTY && INDEX == 5) __trap();
            p.output[INDEX] = 1;
        }

        """;
}
