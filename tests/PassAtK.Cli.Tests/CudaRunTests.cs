using System.Text.Json;
using PassAtK.Tests;

namespace PassAtK.Cli.Tests;

/// <summary>`run` of the shipped pair on the SIMT device, or on the GPU where the tests run there.</summary>
public class CudaRunTests
{
    public CudaRunTests() => SimtDevice.Require();

    [Fact]
    public void Sharing_batch_and_resuming_change_no_byte_of_a_run()
    {
        using var folder = new TemporaryFolder();
        Passatk.OutputOnDevice(folder.Path, Run("whole", Passatk.BaseModel, "cuda"));
        var expected = Passatk.Output(folder.Path, "export", "whole.passatk");
        Assert.Equal(2 * 6, expected.Count(character => character == '\n'));

        Passatk.OutputOnDevice(folder.Path, [.. Run("unshared", Passatk.BaseModel, "cuda"), "--no-share", "--batch", "5"]);
        Assert.Equal(expected, Passatk.Output(folder.Path, "export", "unshared.passatk"));

        Passatk.OutputOnDevice(folder.Path, Run("resumed", Passatk.BaseModel, "cuda", limit: 1, samples: 3));
        Passatk.OutputOnDevice(folder.Path, Run("resumed", Passatk.BaseModel, "cuda"));
        Assert.Equal(expected, Passatk.Output(folder.Path, "export", "resumed.passatk"));
    }

    [Theory]
    [InlineData("countdown-base")]
    [InlineData("countdown-rl")]
    public void The_curve_lies_inside_the_intervals_of_the_CPU(string model)
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(Passatk.Models, model);
        var device = Curve(Passatk.OutputOnDevice(folder.Path, Run("device", path, "cuda", limit: 3, samples: 8)));
        var cpu = Curve(Passatk.Output(folder.Path, Run("cpu", path, "cpu", limit: 3, samples: 8)));
        Assert.Equal(cpu.Count, device.Count);
        foreach (var (here, there) in device.Zip(cpu))
            Assert.InRange(
                here.GetProperty("estimate").GetDouble(), there.GetProperty("low").GetDouble(), there.GetProperty("high").GetDouble());
    }

    [Fact]
    public void A_run_goes_on_only_on_the_backend_that_began_it()
    {
        using var folder = new TemporaryFolder();
        Passatk.OutputOnDevice(folder.Path, Run("begun", Passatk.RlModel, "cuda", limit: 1, samples: 1));
        var refused = Passatk.Run(folder.Path, Run("begun", Passatk.RlModel, "cpu", limit: 1, samples: 2));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("backend", refused.Error, StringComparison.Ordinal);
        Assert.Contains("cuda", refused.Error, StringComparison.Ordinal);
    }

    private static List<JsonElement> Curve(string report) =>
        [.. JsonDocument.Parse(report).RootElement.GetProperty("passAtK").EnumerateArray()];

    private static string[] Run(string name, string model, string backend, int limit = 2, int samples = 6) =>
    [
        "run", "--model", model, "--task", Passatk.CountdownTask, "--limit", $"{limit}", "--samples", $"{samples}", "--temperature", "1", "--top-p", "1",
        "--quiet", "--json", "--kv-cache", "8MB", "--backend", backend, "--out", $"{name}.passatk",
    ];
}
