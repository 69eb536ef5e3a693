using PassAtK.Engine.Cpu;
using PassAtK.Engine.Tests.Backends;
using PassAtK.Engine.Tests.Reference;

namespace PassAtK.Engine.Tests.Cpu;

/// <summary>A CPU backend of chosen options on a tiny model.</summary>
internal sealed class CpuRun(
    TinyModel model, InstructionSet set = InstructionSet.Auto, int threads = 1, int blocks = 512, int maxRows = 2048,
    bool roundActivations = false)
    : BackendRun(new CpuBackend(model, new CpuBackendOptions
    {
        Threads = threads,
        InstructionSet = set,
        KeyValueBlocks = blocks,
        MaxRows = maxRows,
        RoundActivations = roundActivations,
    }))
{
    public new CpuBackend Backend => (CpuBackend)base.Backend;
}
