using PassAtK.Cli.Options;
using PassAtK.Cuda;

namespace PassAtK.Cli.Sessions;

/// <summary>Which device works: what `--backend` says, and with auto what the machine offers.</summary>
internal static class BackendChoice
{
    /// <summary>There where the kernel's driver has found a GPU, whether or not the libraries of the CUDA stack can use it.</summary>
    private const string DeviceFile = "/dev/nvidia0";

    /// <summary>
    /// Whether the CUDA backend is to be used. With auto a GPU that is there but cannot be used is told on standard error, with the cause.
    /// </summary>
    /// <exception cref="NoDeviceException">`--backend cuda`, and something that it needs is missing.</exception>
    /// <exception cref="UsageException">`--backend cuda` with an option of the CPU's.</exception>
    public static bool UsesCuda(BackendSettings settings) =>
        UsesCuda(settings, CudaInstallation.Probe, File.Exists(DeviceFile), Terminal.Note);

    /// <exception cref="NoDeviceException">Something that <paramref name="what"/> needs is missing.</exception>
    public static void DemandCuda(string what)
    {
        if (Problem(CudaInstallation.Probe()) is { } problem)
            throw new NoDeviceException($"{what}: {problem}.");
    }

    internal static bool UsesCuda(BackendSettings settings, Func<CudaInstallation> probe, bool hasGpu, Action<string> note)
    {
        if (settings.Backend is "cpu" or "cpu-bf16")
            return false;
        var demanded = settings.Backend == "cuda";
        if (demanded && settings.Threads is not null)
            throw new UsageException("--threads is for the CPU and --backend cuda does not use it: give one of them.");
        var cuda = probe();
        if (Problem(cuda) is { } problem)
        {
            if (demanded)
                throw new NoDeviceException($"--backend cuda: {problem}.");
            if (cuda.Devices.Count > 0 || hasGpu)
                note($"This machine's GPU is not used, the CPU works: {problem}.");
            return false;
        }
        if (demanded)
            return true;
        // The SIMT device is the kernels' test bench, far slower than the CPU backend: it works when asked for by name.
        if (cuda.Devices[0].Name.Contains("SIMT", StringComparison.Ordinal))
            return false;
        if (settings.Threads is not null)
        {
            note($"--threads is given, so the CPU works and the {cuda.Devices[0].Name} does not.");
            return false;
        }
        return true;
    }

    /// <summary>What keeps the CUDA backend from working here and how to mend it, without a full stop; null where nothing does.</summary>
    public static string? Problem(CudaInstallation cuda)
    {
        if (cuda.Driver.Problem is { } driver)
            return $"an NVIDIA GPU and its driver are needed; {driver}";
        if (cuda.Devices.Count == 0)
            return "the driver knows no NVIDIA GPU on this machine";
        if (cuda.Nvrtc.Problem is { } nvrtc)
            return $"NVRTC, which compiles the kernels, is needed; {nvrtc}";
        return cuda.Devices[0] is { } device && device.ComputeCapability < CudaContext.LeastComputeCapability
            ? $"{device.Name} has compute capability {device.ComputeCapability}, at least {CudaContext.LeastComputeCapability} is needed"
            : null;
    }
}
