using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>`doctor`, `bench`, `sample` and `score` on the SIMT device, or on the GPU where the tests run there.</summary>
public class CudaCommandTests
{
    public CudaCommandTests() => SimtDevice.Require();

    [Fact]
    public void Doctor_tells_the_device_its_bandwidth_and_where_kernels_are_kept()
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(
            Passatk.OutputOnDevice(folder.Path, "doctor", "--backend", "cuda", "--no-kernels", "--json"));
        var cuda = document.RootElement.GetProperty("cuda");
        Assert.Equal(JsonValueKind.Null, cuda.GetProperty("problem").ValueKind);
        Assert.NotEqual("", cuda.GetProperty("cache").GetString());
        var working = cuda.GetProperty("working");
        Assert.StartsWith("sm_", working.GetProperty("architecture").GetString(), StringComparison.Ordinal);
        Assert.True(working.GetProperty("freeBytes").GetInt64() > 0);
        Assert.True(working.GetProperty("copyBytesPerSecond").GetDouble() > 0);
        Assert.Equal(0, cuda.GetProperty("kernels").GetArrayLength());
        Assert.Contains("CUDA backend", Passatk.OutputOnDevice(folder.Path, "doctor", "--no-kernels"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("copy")]
    [InlineData("gemm_bf16")]
    [InlineData("sample_nucleus")]
    [InlineData("attention_segments", "--siblings", "4")]
    public void Every_kernel_can_be_timed_by_itself(string kernel, params string[] options)
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(Passatk.OutputOnDevice(
            folder.Path, ["bench", "--kernel", kernel, "--batch", "4", "--small", "--json", .. options]));
        var result = document.RootElement;
        Assert.Equal(kernel, result.GetProperty("kernel").GetString());
        Assert.True(result.GetProperty("microseconds").GetDouble() > 0);
        Assert.True(result.GetProperty("bytes").GetInt64() > 0);
    }

    [Fact]
    public void Bench_tells_the_work_of_a_step_and_its_share_of_the_roofline()
    {
        using var folder = new TemporaryFolder();
        using var document = JsonDocument.Parse(Passatk.OutputOnDevice(
            folder.Path, "bench", "--backend", "cuda", "--model", Passatk.BaseModel, "--batch", "2", "--prompt", "4", "--at", "20", "--repeat", "1",
            "--no-share", "--json"));
        Assert.StartsWith("cuda", document.RootElement.GetProperty("backend").GetString(), StringComparison.Ordinal);
        Assert.True(document.RootElement.GetProperty("ceilings").GetProperty("flopsPerSecond").GetDouble() > 0);
        var context = Assert.Single(document.RootElement.GetProperty("results")[0].GetProperty("contexts").EnumerateArray());
        Assert.Equal(20, context.GetProperty("context").GetInt32());
        Assert.True(context.GetProperty("keyValueBytes").GetInt64() > 0);
        Assert.True(context.GetProperty("roofline").GetDouble() > 0);
    }

    [Fact]
    public void Log_likelihoods_of_the_device_are_close_to_those_of_the_CPU()
    {
        using var folder = new TemporaryFolder();
        string[] score = ["score", "--model", Passatk.RlModel, "--text", "3 4>12:3*4=12", "--json", "--kv-cache", "4MB"];
        var device = Logprobs(Passatk.OutputOnDevice(folder.Path, [.. score, "--backend", "cuda"]));
        var cpu = Logprobs(Passatk.Output(folder.Path, score));
        Assert.Equal(cpu.Length, device.Length);
        foreach (var (here, there) in device.Zip(cpu))
            Assert.Equal(there, here, 0.05 + (0.02 * Math.Abs(there)));
    }

    [Fact]
    public void Threads_are_refused_where_the_device_is_demanded()
    {
        using var folder = new TemporaryFolder();
        var refused = Passatk.RunOnDevice(
            folder.Path, "sample", "--model", Passatk.BaseModel, "--prompt", "1", "--backend", "cuda", "--threads", "2");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--threads", refused.Error, StringComparison.Ordinal);
    }

    private static double[] Logprobs(string json) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty("logprobs").EnumerateArray().Select(value => value.GetDouble())];
}
