using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PassAtK.Cli.Rendering;

namespace PassAtK.Cli.Commands;

/// <summary>`passatk doctor`: what this machine offers, and what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command(
            "doctor", "Tell what this machine offers: CPU features, GPU, driver, NVRTC, cuBLASLt, what kernels compile to");
        var json = new Option<bool>("--json") { Description = "Print one JSON document" };
        var backend = new Option<string>("--backend") { Description = "Demand this device", DefaultValueFactory = _ => "auto" }
            .AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var architecture = new Option<string?>("--arch") { Description = "Compile the kernels for this architecture, for example sm_90a; needs NVRTC but no GPU" };
        var noKernels = new Option<bool>("--no-kernels") { Description = "Do not compile the kernels" };
        Option[] options = [json, backend, architecture, noKernels];
        foreach (var option in options)
            command.Options.Add(option);
        CommandRunner.SetAction(command, (arguments, _) =>
        {
            CheckArchitecture(arguments.GetValue(architecture), arguments.GetValue(noKernels));
            var report = DoctorReport.Create(arguments.GetValue(architecture), !arguments.GetValue(noKernels));
            if (arguments.GetValue(json))
                Terminal.Out.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.DoctorReport));
            else
                Print(report);
            Terminal.Flush();
            if (arguments.GetValue(backend) == "cuda" && report.Cuda.Problem is { } problem)
                throw new NoDeviceException($"--backend cuda: {problem}.");
            if (arguments.GetValue(architecture) is not null && report.Cuda.Nvrtc.Problem is { } missing)
                throw new NoDeviceException($"--arch: {missing}.");
            return report.Cuda.Kernels.Any(kernel => kernel.Problem is not null) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static void CheckArchitecture(string? architecture, bool noKernels)
    {
        if (architecture is null)
            return;
        if (noKernels)
            throw new UsageException("--arch and --no-kernels are given, expected one of them.");
        var number = architecture.StartsWith("sm_", StringComparison.Ordinal) ? architecture[3..].TrimEnd('a') : "";
        if (!int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 80)
            throw new UsageException($"--arch is '{architecture}', expected sm_80 or a later architecture, for example sm_90a.");
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
            Line(
                "GPU", $"{device.Name}, compute capability {device.ComputeCapability}, {device.Multiprocessors} multiprocessors, {memory}");
        }
        if (report.Cuda.Working is { } working)
        {
            var bandwidth = (working.CopyBytesPerSecond / 1e12).ToString("0.000", CultureInfo.InvariantCulture);
            Line("CUDA backend", $"works, for {working.Architecture}; copies at {bandwidth} TB/s, {ByteSize.Text(working.FreeBytes)} free");
        }
        else
        {
            Line("CUDA backend", $"{report.Cuda.Problem}; with --backend auto every command runs on the CPU");
        }
        Line("Kernel cache", report.Cuda.Cache);
        foreach (var product in report.Cuda.Products)
            Line("cuBLASLt", product);
        if (report.Cuda.Kernels.Count > 0)
            PrintKernels(report.Cuda.Kernels);
    }

    private static void PrintKernels(IReadOnlyList<DoctorReport.KernelFacts> kernels)
    {
        Terminal.Out.WriteLine();
        Terminal.Out.WriteLine($"{"kernel",-24}{"registers",9}{"budget",8}{"stack",7}{"spilled",9}  for {kernels[0].Architecture}");
        foreach (var kernel in kernels)
        {
            Terminal.Out.WriteLine(
                $"{kernel.Kernel,-24}{kernel.Registers,9}{kernel.Budget,8}{kernel.StackBytes,7}{kernel.SpillBytes,9}  {string.Join(' ', kernel.Configuration)}");
            if (kernel.Problem is { } problem)
                Terminal.Out.WriteLine($"  {problem}");
        }
    }

    private static void Line(string name, string value) => Terminal.Out.WriteLine($"{name,-14}{value}");
}
