namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Kernels of one thread, whose order the tests are about.</summary>
internal static class StreamKernels
{
    public const string Source = """
        extern "C" __global__ void __launch_bounds__(1) add(const ProbeParams p) { *p.output = *p.input + (u32)p.argument; }
        extern "C" __global__ void __launch_bounds__(1) multiply(const ProbeParams p) { *p.output = *p.input * (u32)p.argument; }
        extern "C" __global__ void __launch_bounds__(1) accumulate(const ProbeParams p) { *p.output += *p.input; }
        extern "C" __global__ void __launch_bounds__(1) illegal(const ProbeParams p) { p.output[1 << 28] = 1; }
        """;
}
