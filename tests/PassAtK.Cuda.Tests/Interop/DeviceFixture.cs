namespace PassAtK.Cuda.Tests.Interop;

/// <summary>A device with what a test of the managed path needs; the test is skipped where there is no device.</summary>
internal sealed class DeviceFixture : IDisposable
{
    private readonly PassAtK.Tests.TemporaryFolder _cache = new();

    public DeviceFixture()
    {
        PassAtK.Tests.SimtDevice.Require();
        Context = CudaContext.Create();
        Compiler = new KernelCompiler(Context, new CubinCache(_cache.Path)) { Sources = TestKernels.Sources };
        Stream = new CudaStream(Context);
    }

    public CudaContext Context { get; }

    public KernelCompiler Compiler { get; }

    public CudaStream Stream { get; }

    public CudaDeviceVariable<T> Upload<T>(params T[] values) where T : unmanaged
    {
        var variable = new CudaDeviceVariable<T>(Context, values.Length);
        variable.CopyFrom(values);
        return variable;
    }

    public void Dispose()
    {
        Stream.Dispose();
        Compiler.Dispose();
        Context.Dispose();
        _cache.Dispose();
    }
}

internal static class DeviceVariables
{
    /// <summary>All values, read back.</summary>
    public static T[] Values<T>(this CudaDeviceVariable<T> variable) where T : unmanaged
    {
        var values = new T[variable.Length];
        variable.CopyTo(values);
        return values;
    }
}
