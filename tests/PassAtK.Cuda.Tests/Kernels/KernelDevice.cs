using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>A device to try one kernel on: arrays go up, the kernel runs, arrays come down.</summary>
internal sealed class KernelDevice : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private KernelDevice(IReadOnlyList<string> options)
    {
        Context = Own(CudaContext.Create());
        Stream = Own(new CudaStream(Context));
        Compiler = Own(new KernelCompiler(Context, new CubinCache(CacheFolder)) { ExtraOptions = options });
    }

    public CudaContext Context { get; }

    public CudaStream Stream { get; }

    public KernelCompiler Compiler { get; }

    /// <summary>Whether the SIMT device looks for races and reads of what nothing wrote: a compilation of its own for every kernel.</summary>
    public bool IsChecked => Compiler.ExtraOptions.Count > 0;

    private static string CacheFolder => Path.Combine(Path.GetTempPath(), "passatk-test-cubins");

    /// <summary>Runs <paramref name="test"/> on the SIMT device, plain and checked, or on the GPU.</summary>
    public static void InEachMode(Action<KernelDevice> test)
    {
        SimtDevice.Require();
        foreach (var mode in SimtDevice.Modes)
        {
            mode.Apply();
            using var device = new KernelDevice(mode.Options);
            test(device);
        }
    }

    /// <summary>A copy of <paramref name="values"/> in device memory.</summary>
    public CudaDeviceVariable<T> Upload<T>(params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        var variable = Own(new CudaDeviceVariable<T>(Context, values.Length));
        variable.CopyFrom(values);
        return variable;
    }

    /// <summary>What the device holds, after all that was launched.</summary>
    public T[] Download<T>(CudaDeviceVariable<T> variable)
        where T : unmanaged
    {
        Stream.Synchronize();
        var values = new T[variable.Length];
        variable.CopyTo(values);
        return values;
    }

    public void Dispose()
    {
        for (var index = _owned.Count - 1; index >= 0; index--)
            _owned[index].Dispose();
    }

    private T Own<T>(T resource)
        where T : IDisposable
    {
        _owned.Add(resource);
        return resource;
    }
}
