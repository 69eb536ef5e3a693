using PassAtK.Cuda;

namespace PassAtK.Cli.Commands;

/// <summary>What `doctor` tries on the first device and with the compiler.</summary>
internal static class DeviceCheck
{
    /// <exception cref="CudaException">The device does not work.</exception>
    public static DoctorReport.WorkingDevice Measure()
    {
        using var context = CudaContext.Create();
        return new DoctorReport.WorkingDevice(
            context.Architecture, context.IsSimt, context.Memory().Free, CopyBandwidth.Measure(context) * 1e9);
    }

    /// <summary>
    /// Compiles every kernel in every configuration that its source names, without a device. Results are kept in the cache, so that only
    /// the first time takes long.
    /// </summary>
    public static IReadOnlyList<DoctorReport.KernelFacts> Compile(string architecture)
    {
        var cache = new CubinCache(CubinCache.DefaultFolder);
        var contracts = KernelSources.Embedded.Files.Where(file => file.EndsWith(".cu", StringComparison.Ordinal))
            .Select(file => KernelContract.Read(KernelSources.Embedded, file));
        return
        [
            .. contracts.SelectMany(contract => contract.Configurations.Select(defines => (contract, defines)))
                .AsParallel().AsOrdered()
                .SelectMany(pair => Compile(pair.contract, pair.defines, architecture, cache)),
        ];
    }

    private static IEnumerable<DoctorReport.KernelFacts> Compile(
        KernelContract contract, IReadOnlyList<string> defines, string architecture, CubinCache cache)
    {
        try
        {
            return KernelReport.Compile(contract, defines, architecture, cache).Select(report => new DoctorReport.KernelFacts(
                report.Kernel, report.Defines, architecture, report.Registers, report.Budget, report.StackBytes, report.SpillBytes, report.Problem));
        }
        catch (CudaException error)
        {
            return [new DoctorReport.KernelFacts(contract.File, defines, architecture, null, null, null, null, error.Message)];
        }
    }
}
