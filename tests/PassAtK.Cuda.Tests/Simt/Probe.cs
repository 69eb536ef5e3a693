using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>A device and one file of kernels that probe it.</summary>
internal sealed class Probe : IDisposable
{
    private const string File = "probe.cu";

    private readonly KernelCompiler _compiler;
    private readonly string[] _defines;

    /// <param name="mode">How the device runs.</param>
    /// <param name="kernels">C++ text that follows <see cref="ProbeParams.Source"/>.</param>
    /// <param name="defines">E.g. "FAULTY=1".</param>
    public Probe(SimtDevice.Mode mode, string kernels, params string[] defines)
    {
        SimtDevice.Require();
        mode.Apply();
        _defines = defines;
        Context = CudaContext.Create();
        Stream = new CudaStream(Context);
        var cache = new CubinCache(Path.Combine(Path.GetTempPath(), "passatk-test-cubins"));
        _compiler = new KernelCompiler(Context, cache)
        {
            Sources = KernelSources.Embedded.With(File, ProbeParams.Source + kernels),
            ExtraOptions = mode.Options,
        };
    }

    public CudaContext Context { get; }

    public CudaStream Stream { get; }

    public CudaKernel Kernel(string name) => _compiler.Load(File, name, _defines);

    public void Launch(
        string kernel, CudaDeviceVariable<uint> input, CudaDeviceVariable<uint> output, Dim3 grid, Dim3 block, int argument = 0,
        int shared = 0, CudaStream? stream = null) =>
        Kernel(kernel).Launch(Parameters(input, output, argument), grid, block, shared, stream ?? Stream);

    /// <summary>Runs a kernel once over copies of the arrays; returns the output.</summary>
    /// <exception cref="CudaException">The device refused the launch or found a fault.</exception>
    public uint[] Run(string kernel, uint[] input, uint[] output, Dim3 grid, Dim3 block, int argument = 0, int shared = 0)
    {
        using var from = Upload(input);
        using var to = Upload(output);
        Launch(kernel, from, to, grid, block, argument, shared);
        Stream.Synchronize();
        return Download(to);
    }

    public CudaDeviceVariable<uint> Upload(params uint[] values)
    {
        var variable = new CudaDeviceVariable<uint>(Context, values.Length);
        variable.CopyFrom(values);
        return variable;
    }

    public static uint[] Download(CudaDeviceVariable<uint> variable)
    {
        var values = new uint[variable.Length];
        variable.CopyTo(values);
        return values;
    }

    public static ProbeParams Parameters(CudaDeviceVariable<uint> input, CudaDeviceVariable<uint> output, int argument = 0) =>
        new() { Input = input.Pointer, Output = output.Pointer, Count = (int)input.Length, Argument = argument };

    public void Dispose()
    {
        Stream.Dispose();
        _compiler.Dispose();
        Context.Dispose();
    }
}
