using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PassAtK.Cli.Sessions;
using PassAtK.Cuda;

namespace PassAtK.Cli.Commands;

/// <summary>The facts of `passatk doctor`, as printed with --json.</summary>
internal sealed record DoctorReport(string Version, string System, DoctorReport.CpuFacts Cpu, long MemoryBytes, DoctorReport.CudaFacts Cuda)
{
    internal sealed record CpuFacts(string Name, int Cores, IReadOnlyList<string> Features, string KernelPath)
    {
        public static CpuFacts Read() =>
            new(CpuName(), Environment.ProcessorCount, [.. DoctorReport.Features()], DoctorReport.KernelPath());
    }

    /// <param name="Driver">The driver's library.</param>
    /// <param name="Nvrtc">The compiler's library.</param>
    /// <param name="CublasLt">The library of products; not needed.</param>
    /// <param name="Devices">All devices.</param>
    /// <param name="Problem">What keeps the CUDA backend from working here and how to mend it; null where it works.</param>
    /// <param name="Cache">Folder of the compiled kernels.</param>
    internal sealed record CudaFacts(
        LibraryFacts Driver, LibraryFacts Nvrtc, LibraryFacts CublasLt, IReadOnlyList<DeviceFacts> Devices, string? Problem, string Cache)
    {
        /// <summary>What the first device does; null where there is none that works.</summary>
        public WorkingDevice? Working { get; init; }

        /// <summary>The algorithms of cuBLASLt that were chosen for this machine's products and are kept in the cache.</summary>
        public IReadOnlyList<string> Products { get; init; } = [];

        /// <summary>Compiled for the first device, or for the architecture that was asked for.</summary>
        public IReadOnlyList<KernelFacts> Kernels { get; init; } = [];
    }

    internal sealed record LibraryFacts(string Name, string? Version, string? Problem);

    internal sealed record DeviceFacts(string Name, string ComputeCapability, int Multiprocessors, long MemoryBytes);

    /// <summary>Measured on the spot: free memory, and the bandwidth of a large copy, bytes read plus bytes written.</summary>
    internal sealed record WorkingDevice(string Architecture, bool IsSimt, long FreeBytes, double CopyBytesPerSecond);

    /// <summary>
    /// What a kernel compiles to in one configuration: registers of a thread and what its source allows, bytes of its stack frame and of
    /// spilled registers, and what is wrong with that or the compiler's error.
    /// </summary>
    internal sealed record KernelFacts(
        string Kernel, IReadOnlyList<string> Configuration, string Architecture, int? Registers, int? Budget, int? StackBytes, int? SpillBytes,
        string? Problem);

    /// <param name="architecture">Compile the kernels for this architecture instead of the first device's, with NVRTC alone.</param>
    /// <param name="kernels">Whether to compile the kernels at all.</param>
    public static DoctorReport Create(string? architecture, bool kernels)
    {
        var cuda = CudaInstallation.Probe();
        var facts = new CudaFacts(
            Facts(cuda.Driver), Facts(cuda.Nvrtc), Facts(cuda.CublasLt), [.. cuda.Devices.Select(Facts)], BackendChoice.Problem(cuda),
            CubinCache.DefaultFolder)
        {
            Products = [.. new ProductAlgorithmCache(ProductAlgorithmCache.DefaultFolder).Descriptions()],
        };
        if (facts.Problem is null)
            facts = Try(facts);
        // The SIMT device's compiler is no compiler for GPUs.
        var target = architecture ?? (facts.Working is { IsSimt: false } working ? working.Architecture : null);
        if (kernels && target is not null && facts.Nvrtc.Problem is null)
            facts = facts with { Kernels = DeviceCheck.Compile(target) };
        return new DoctorReport(
            ProductVersion.Text,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}",
            CpuFacts.Read(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, facts);
    }

    /// <summary>A device that is there may still not work: that is a finding, too.</summary>
    private static CudaFacts Try(CudaFacts facts)
    {
        try
        {
            return facts with { Working = DeviceCheck.Measure() };
        }
        catch (CudaException error)
        {
            return facts with { Problem = error.Message.TrimEnd('.') };
        }
    }

    private static LibraryFacts Facts(CudaLibrary library) => new(library.Name, library.Version?.ToString(), library.Problem);

    private static DeviceFacts Facts(CudaDevice device) =>
        new(device.Name, device.ComputeCapability.ToString(), device.Multiprocessors, device.MemoryBytes);

    private static string CpuName()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static IEnumerable<string> Features()
    {
        if (Avx2.IsSupported)
            yield return "AVX2";
        if (Fma.IsSupported)
            yield return "FMA";
        if (Avx512F.IsSupported)
            yield return "AVX-512F";
        if (Avx512BW.IsSupported)
            yield return "AVX-512BW";
        if (Avx512Vbmi.IsSupported)
            yield return "AVX-512VBMI";
        if (global::System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported)
            yield return "AdvSIMD";
    }

    private static string KernelPath() =>
        Vector512.IsHardwareAccelerated ? "Vector512" : Vector256.IsHardwareAccelerated ? "Vector256" : "portable";
}
