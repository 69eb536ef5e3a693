using PassAtK.Tests;

// The device, its seed and its faults are one for the process, and its own threads use all cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(PassAtK.Cuda.Tests.Simt.CudaLibraries))]

namespace PassAtK.Cuda.Tests.Simt;

/// <summary>Points the search for CUDA's libraries at the SIMT device before any test of this program looks for them.</summary>
public sealed class CudaLibraries
{
    public CudaLibraries() => SimtDevice.TryPrepare(out _);
}

/// <summary>Tests that seed the device or make it fail; nothing else runs beside them, since the device is one for the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SimtCollection
{
    public const string Name = "SIMT device";
}
