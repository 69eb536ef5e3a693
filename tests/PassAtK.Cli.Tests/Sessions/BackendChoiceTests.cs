using PassAtK.Cli.Options;
using PassAtK.Cli.Sessions;
using PassAtK.Cuda;

namespace PassAtK.Cli.Tests.Sessions;

public class BackendChoiceTests
{
    private static readonly CudaLibrary Driver = new("CUDA driver", new Version(13, 0), null);
    private static readonly CudaLibrary Nvrtc = new("NVRTC", new Version(13, 0), null);
    private static readonly CudaDevice Hopper = new("NVIDIA H200", new Version(9, 0), 132, 141L << 30);

    private readonly List<string> _notes = [];

    [Fact]
    public void Auto_takes_a_usable_GPU() => Assert.True(Choose("auto", Machine()));

    [Fact]
    public void Auto_takes_the_CPU_without_a_word_where_there_is_no_GPU()
    {
        Assert.False(Choose("auto", Machine() with { Driver = new("CUDA driver", null, "libcuda.so.1 not found"), Devices = [] }));
        Assert.Empty(_notes);
    }

    [Fact]
    public void Auto_says_why_a_GPU_is_not_used()
    {
        Assert.False(Choose("auto", Machine() with { Nvrtc = new("NVRTC", null, "libnvrtc.so.13 not found: install it") }));
        Assert.Contains("libnvrtc.so.13 not found: install it", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_says_that_threads_mean_the_CPU()
    {
        Assert.False(Choose("auto", Machine(), threads: 2));
        Assert.Contains("--threads", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_SIMT_device_works_only_when_asked_for()
    {
        var simt = Machine() with { Devices = [Hopper with { Name = "SIMT device" }] };
        Assert.False(Choose("auto", simt));
        Assert.True(Choose("cuda", simt));
        Assert.Empty(_notes);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("cpu-bf16")]
    public void The_CPU_is_taken_without_looking_for_a_GPU(string backend) => Assert.False(
        BackendChoice.UsesCuda(Settings(backend, 2), () => throw new InvalidOperationException("probed"), hasGpu: true, _notes.Add));

    [Fact]
    public void A_demanded_device_that_is_missing_is_refused_with_the_cause()
    {
        Assert.Contains(
            "driver", Refusal(Machine() with { Driver = new("CUDA driver", null, "install the NVIDIA driver") }), StringComparison.Ordinal);
        Assert.Contains("no NVIDIA GPU", Refusal(Machine() with { Devices = [] }), StringComparison.Ordinal);
        Assert.Contains("install NVRTC", Refusal(Machine() with { Nvrtc = new("NVRTC", null, "install NVRTC") }), StringComparison.Ordinal);
        var old = Hopper with { Name = "Tesla V100", ComputeCapability = new Version(7, 0) };
        Assert.Contains("Tesla V100 has compute capability 7.0", Refusal(Machine() with { Devices = [old] }), StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_with_cuda_are_refused() => Assert.Throws<UsageException>(() => Choose("cuda", Machine(), threads: 2));

    private string Refusal(CudaInstallation cuda) => Assert.Throws<NoDeviceException>(() => Choose("cuda", cuda)).Message;

    private bool Choose(string backend, CudaInstallation cuda, int? threads = null) =>
        BackendChoice.UsesCuda(Settings(backend, threads), () => cuda, hasGpu: cuda.Devices.Count > 0, _notes.Add);

    private static BackendSettings Settings(string backend, int? threads) => new(backend, threads, null, true, null);

    private static CudaInstallation Machine() => new(Driver, Nvrtc, new("cuBLASLt", null, "not found"), [Hopper]);
}
