using System.CommandLine;
using System.Text.Json;
using PassAtK.Cli.Rendering;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk doctor`: what this machine offers, and what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Tell what this machine offers: CPU features, GPU, driver, NVRTC, cuBLASLt");
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var backend = new Option<string>("--backend") { Description = "Demand this device", DefaultValueFactory = _ => "auto" }
            .AcceptOnlyFromAmong("auto", "cpu", "cuda");
        command.Options.Add(json);
        command.Options.Add(backend);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            var report = DoctorReport.Create();
            if (arguments.GetValue(json))
                Terminal.Out.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.DoctorReport));
            else
                Print(report);
            return arguments.GetValue(backend) == "cuda" ? throw new NoDeviceException(DoctorReport.CudaUnavailable(report)) : ExitCode.Done;
        });
        return command;
    }

    private static void Print(DoctorReport report)
    {
        Line("PassAtK", report.Version);
        Line("System", report.System);
        Line("CPU", $"{report.Cpu.Name}, {report.Cpu.Cores} cores");
        Line("Vector units", string.Join(' ', report.Cpu.Features));
        Line("CPU backend", report.Cpu.KernelPath);
        Line("Memory", ByteSize.Text(report.MemoryBytes));
        foreach (var library in new[] { report.Cuda.Driver, report.Cuda.Nvrtc, report.Cuda.CublasLt })
            Line(library.Name, library.Version ?? library.Problem!);
        if (report.Cuda.Devices.Count == 0)
            Line("GPU", "none");
        foreach (var device in report.Cuda.Devices)
        {
            var memory = ByteSize.Text(device.MemoryBytes);
            Line("GPU", $"{device.Name}, compute capability {device.ComputeCapability}, {device.Multiprocessors} multiprocessors, {memory}");
        }
        Line("CUDA backend", "not in this version; every command runs on the CPU");
    }

    private static void Line(string name, string value) => Terminal.Out.WriteLine($"{name,-14}{value}");
}
