namespace PassAtK.Cuda.Tests.Interop;

public class KernelLaunchTests
{
    private static readonly int[] Values = [.. Enumerable.Range(-500, 1000)];

    [Fact]
    public void A_kernel_computes_what_its_source_and_defines_say()
    {
        using var device = new DeviceFixture();
        using var input = device.Upload(Values);
        using var output = device.Upload(new int[Values.Length]);
        foreach (var factor in new[] { 3, -7 })
        {
            Scale(device, input, output, addend: 5, $"FACTOR={factor}");
            Assert.Equal(Values.Select(value => value * factor + 5), output.Values());
        }
    }

    [Fact]
    public void A_file_with_the_same_defines_is_loaded_once()
    {
        using var device = new DeviceFixture();
        var kernel = device.Compiler.Load(TestKernels.File, "scale", "FACTOR=3");
        Assert.Same(kernel, device.Compiler.Load(TestKernels.File, "scale", "FACTOR=3"));
        Assert.NotSame(kernel, device.Compiler.Load(TestKernels.File, "scale", "FACTOR=4"));
        Assert.Equal("scale", kernel.Name);
        Assert.True(kernel.BlocksPerMultiprocessor(64, 0) > 0);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(48 * 1024)]
    [InlineData(64 * 1024)]
    public void Dynamic_shared_memory_goes_beyond_its_usual_limit(int sharedBytes)
    {
        using var device = new DeviceFixture();
        using var input = device.Upload(Enumerable.Range(0, 64).ToArray());
        using var output = device.Upload(new int[64]);
        var kernel = device.Compiler.Load(TestKernels.File, "reverse");
        kernel.Launch(Parameters(input, output, 0), new Dim3(4), new Dim3(16), sharedBytes, device.Stream);
        device.Stream.Synchronize();
        Assert.Equal(Enumerable.Range(0, 64).Select(i => i / 16 * 16 + 15 - i % 16), output.Values());
    }

    [Fact]
    public void More_shared_memory_than_a_block_can_have_is_refused_by_name()
    {
        using var device = new DeviceFixture();
        using var input = device.Upload(Values);
        var kernel = device.Compiler.Load(TestKernels.File, "reverse");
        var bytes = device.Context.MaxSharedBytesPerBlock + 1;
        var error = Assert.Throws<CudaException>(
            () => kernel.Launch(Parameters(input, input, 0), new Dim3(1), new Dim3(16), bytes, device.Stream));
        Assert.Contains($"reverse asks for {bytes} bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_launch_is_told_with_its_kernel_and_shape()
    {
        using var device = new DeviceFixture();
        using var input = device.Upload(Values);
        var kernel = device.Compiler.Load(TestKernels.File, "scale");
        var error = Assert.Throws<CudaException>(
            () => kernel.Launch(Parameters(input, input, 0), new Dim3(2, 3), new Dim3(2048), 16, device.Stream));
        Assert.Contains("scale, grid (2, 3, 1), block (2048, 1, 1), 16 dynamic shared bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_the_file_does_not_have_is_named()
    {
        using var device = new DeviceFixture();
        var error = Assert.Throws<CudaException>(() => device.Compiler.Load(TestKernels.File, "absent"));
        Assert.Contains("absent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_launch_allocates_nothing()
    {
        using var device = new DeviceFixture();
        using var input = device.Upload(Values);
        var kernel = device.Compiler.Load(TestKernels.File, "scale");
        var parameters = Parameters(input, input, 0);
        void Launch() => kernel.Launch(parameters, new Dim3(16), new Dim3(64), 0, device.Stream);
        for (var i = 0; i < 50; i++)
            Launch();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++)
            Launch();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        device.Stream.Synchronize();
    }

    [Fact]
    public void The_last_launches_are_remembered_newest_first()
    {
        var history = new LaunchHistory();
        Assert.True(history.IsEmpty);
        for (var i = 0; i < 11; i++)
            history.Add($"kernel{i}");
        Assert.Equal("kernel10, kernel9, kernel8, kernel7, kernel6, kernel5, kernel4, kernel3", history.ToString());
    }

    internal static ScaleParams Parameters(CudaDeviceVariable<int> input, CudaDeviceVariable<int> output, int addend) =>
        new() { Input = input.Pointer, Output = output.Pointer, Count = (int)input.Length, Addend = addend };

    internal static void Scale(
        DeviceFixture device, CudaDeviceVariable<int> input, CudaDeviceVariable<int> output, int addend, params ReadOnlySpan<string> defines)
    {
        var kernel = device.Compiler.Load(TestKernels.File, "scale", defines);
        kernel.Launch(Parameters(input, output, addend), new Dim3((int)(input.Length + 63) / 64), new Dim3(64), 0, device.Stream);
    }
}
