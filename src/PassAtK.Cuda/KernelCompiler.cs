using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>
/// Compiles kernel files for one architecture and, given a context, loads them. A file with the same defines is compiled and loaded
/// once; disposing unloads what was loaded.
/// </summary>
public sealed unsafe class KernelCompiler : IDisposable
{
    private readonly CudaContext? _context;
    private readonly CubinCache _cache;
    private readonly Dictionary<string, nint> _modules = [];
    private readonly Dictionary<(nint Module, string Kernel), CudaKernel> _kernels = [];

    public KernelCompiler(CudaContext context, CubinCache cache) : this(context.Architecture, cache) => _context = context;

    /// <summary>For compiling without a device; such a compiler cannot load.</summary>
    public KernelCompiler(string architecture, CubinCache cache) => (Architecture, _cache) = (architecture, cache);

    /// <summary>E.g. "sm_90a".</summary>
    public string Architecture { get; }

    /// <summary>Options for NVRTC beside the architecture, the language and the defines.</summary>
    public IReadOnlyList<string> ExtraOptions { get; init; } = [];

    public KernelSources Sources { get; init; } = KernelSources.Embedded;

    /// <summary>The compiler to use; unless set, the one that the machine's search finds.</summary>
    public Nvrtc? Nvrtc { get; init; }

    /// <summary>
    /// Eight hexadecimal digits that differ wherever kernels may compute other bits: of SHA-256 over compiler version, sources,
    /// architecture and options. On the SIMT device, whose compiler's version is one of its own sources, without that.
    /// </summary>
    /// <exception cref="CudaException">There is no NVRTC.</exception>
    public string Identity => KernelCompilation.Identity(
        Sources, Architecture, ExtraOptions, _context is { IsSimt: true } ? "" : (Nvrtc ?? Nvrtc.Default).Version.ToString());

    /// <summary>Loads a kernel of a file, e.g. `Load("rms_norm.cu", "rms_norm", "ELEMENT_F16=0")`.</summary>
    /// <exception cref="CudaException">The file does not compile or load, or has no such kernel.</exception>
    public CudaKernel Load(string file, string kernel, params ReadOnlySpan<string> defines)
    {
        var context = _context ?? throw new InvalidOperationException("This compiler was made without a device.");
        var key = $"{file} {string.Join(' ', defines)}";
        if (!_modules.TryGetValue(key, out var module))
        {
            context.RefuseWhileCapturing($"{file} cannot be loaded");
            _modules[key] = module = LoadModule(context, Compilation(file, defines), key);
        }
        if (!_kernels.TryGetValue((module, kernel), out var loaded))
            _kernels[(module, kernel)] = loaded = new CudaKernel(context, module, kernel);
        return loaded;
    }

    /// <summary>Compiles a file, or takes it from the cache; needs no device.</summary>
    /// <exception cref="CudaException">The file does not compile.</exception>
    public NvrtcCompilation Compile(string file, params ReadOnlySpan<string> defines) =>
        Compilation(file, defines).Run(Nvrtc ?? Nvrtc.Default, _cache);

    public void Dispose()
    {
        foreach (var module in _modules.Values)
            _ = DriverApi.ModuleUnload(module);
        _modules.Clear();
        _kernels.Clear();
    }

    private KernelCompilation Compilation(string file, ReadOnlySpan<string> defines) =>
        new(Sources, file, defines.ToArray(), Architecture, ExtraOptions);

    /// <summary>A cached CUBIN that the driver refuses is compiled once more: it may speak of files that are gone.</summary>
    private nint LoadModule(CudaContext context, KernelCompilation compilation, string what)
    {
        var nvrtc = Nvrtc ?? Nvrtc.Default;
        var result = Load(compilation.Run(nvrtc, _cache), out var module);
        if (result != 0 && !DriverError.IsFault(result))
            result = Load(compilation.RunAnew(nvrtc, _cache), out module);
        if (result != 0 && !DriverError.IsFault(result))
            throw new CudaException(Refusal(context, nvrtc, result, $"cuModuleLoadData of {what.TrimEnd()} for {Architecture}"));
        context.Check(result, $"cuModuleLoadData of {what.TrimEnd()} for {Architecture}");
        return module;
    }

    internal static string Refusal(CudaContext context, Nvrtc nvrtc, int result, string call)
    {
        var cure = nvrtc.Version.Major > context.DriverVersion.Major
            ? $": update the driver, or install the NVRTC of CUDA {context.DriverVersion.Major}"
            : "";
        return $"{call} failed: {DriverError.Text(result)}. NVRTC {nvrtc.Version} ({nvrtc.Path}) compiled it; the driver of {context.Device.Name} "
            + $"is for CUDA {context.DriverVersion}{cure}.";
    }

    private static int Load(NvrtcCompilation compilation, out nint module)
    {
        fixed (byte* image = compilation.Cubin)
            return DriverApi.ModuleLoadData(out module, image);
    }
}
