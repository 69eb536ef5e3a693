namespace PassAtK.Cuda;

/// <summary>What the machine code of one kernel uses, in one configuration, beside what its file allows: the
/// budget counts registers of a thread, null where the file states none. Bytes are of a thread too.</summary>
public sealed record KernelReport(
    string File, IReadOnlyList<string> Defines, string Architecture, string Kernel, int Registers, int? Budget, int StackBytes, int SpillBytes)
{
    /// <summary>The option that makes the compiler say what is read here.</summary>
    public const string Option = "--ptxas-options=-v";

    /// <summary>What is wrong in a sentence; null where the kernel keeps its budget and neither spills nor needs a stack frame.</summary>
    public string? Problem =>
        SpillBytes > 0 ? $"{Title} spills {SpillBytes} bytes; it uses {Registers} registers."
        : StackBytes > 0 ? $"{Title} has a stack frame of {StackBytes} bytes."
        : Budget is null ? $"{Title} has no budget: its file needs the line '// Budget: {Kernel}: {Registers} registers'."
        : Registers > Budget ? $"{Title} uses {Registers} registers; its budget is {Budget}."
        : null;

    private string Title => $"{File}: {Kernel} ({string.Join(' ', [.. Defines, Architecture])})";

    /// <summary>Compiles every configuration of a file, without a device; one report a kernel and configuration.</summary>
    /// <exception cref="CudaException">A configuration does not compile.</exception>
    public static IReadOnlyList<KernelReport> Compile(
        string file, string architecture, CubinCache cache, Nvrtc? nvrtc = null, KernelSources? sources = null)
    {
        var contract = KernelContract.Read(sources ?? KernelSources.Embedded, file);
        return [.. contract.Configurations.SelectMany(defines => Compile(contract, defines, architecture, cache, nvrtc, sources))];
    }

    /// <summary>Compiles one configuration of a file.</summary>
    public static IReadOnlyList<KernelReport> Compile(
        KernelContract contract, IReadOnlyList<string> defines, string architecture, CubinCache cache, Nvrtc? nvrtc = null,
        KernelSources? sources = null)
    {
        using var compiler = new KernelCompiler(architecture, cache)
        {
            Nvrtc = nvrtc,
            Sources = sources ?? KernelSources.Embedded,
            ExtraOptions = [Option],
        };
        var log = compiler.Compile(contract.File, [.. defines]).Log;
        return [.. PtxasLog.Read(log).Select(use => new KernelReport(
            contract.File, defines, architecture, use.Kernel, use.Registers,
            contract.Budgets.TryGetValue(use.Kernel, out var budget) ? budget : null, use.StackBytes, use.SpillBytes))];
    }
}
