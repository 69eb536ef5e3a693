namespace PassAtK.Cuda.Tests.Interop;

/// <summary>A kernel file for tests of the managed path, and the parameters of its kernels.</summary>
internal static class TestKernels
{
    public const string File = "interop_test.cu";

    public static KernelSources Sources { get; } = KernelSources.Embedded.With(
        File,
        """
        #include "prelude.cuh"

        #ifndef FACTOR
        #define FACTOR 2
        #endif

        struct ScaleParams {
            const int* input;
            int* output;
            int count;
            int addend;
        };
        static_assert(sizeof(ScaleParams) == 24, "");

        extern "C" __global__ void __launch_bounds__(64) scale(const ScaleParams p) {
            const int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
            if (i < p.count) p.output[i] = p.input[i] * FACTOR + p.addend;
        }

        // Reverses each block's part through dynamic shared memory.
        extern "C" __global__ void __launch_bounds__(64) reverse(const ScaleParams p) {
            DYNAMIC_SHARED(int, part);
            const int first = (int)(blockIdx.x * blockDim.x);
            part[threadIdx.x] = p.input[first + threadIdx.x];
            __syncthreads();
            p.output[first + threadIdx.x] = part[blockDim.x - 1 - threadIdx.x];
        }
        """);
}
