using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PassAtK.Cuda;

namespace PassAtK.Cli.Commands;

/// <summary>The facts of `passatk doctor`, as printed with --json.</summary>
internal sealed record DoctorReport(string Version, string System, DoctorReport.CpuFacts Cpu, long MemoryBytes, DoctorReport.CudaFacts Cuda)
{
    internal sealed record CpuFacts(string Name, int Cores, IReadOnlyList<string> Features, string KernelPath);

    internal sealed record CudaFacts(LibraryFacts Driver, LibraryFacts Nvrtc, LibraryFacts CublasLt, IReadOnlyList<DeviceFacts> Devices);

    internal sealed record LibraryFacts(string Name, string? Version, string? Problem);

    internal sealed record DeviceFacts(string Name, string ComputeCapability, int Multiprocessors, long MemoryBytes);

    public static DoctorReport Create()
    {
        var cuda = CudaInstallation.Probe();
        return new DoctorReport(
            ProductVersion.Text,
            $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}, {RuntimeInformation.FrameworkDescription}",
            new CpuFacts(CpuName(), Environment.ProcessorCount, [.. Features()], KernelPath()),
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            new CudaFacts(Facts(cuda.Driver), Facts(cuda.Nvrtc), Facts(cuda.CublasLt), [.. cuda.Devices.Select(Facts)]));
    }

    public static string CudaUnavailable(DoctorReport report)
    {
        var problem = new[] { report.Cuda.Driver, report.Cuda.Nvrtc }.FirstOrDefault(library => library.Problem is not null)?.Problem;
        return problem is null
            ? "--backend cuda: this version has no CUDA backend yet; use --backend cpu."
            : $"--backend cuda: {problem}; this version has no CUDA backend yet either, use --backend cpu.";
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
