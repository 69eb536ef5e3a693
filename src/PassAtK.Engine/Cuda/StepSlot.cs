using System.Numerics;
using PassAtK.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>A step in flight: its plan, its arrays on their way to the device and its draws on their way back, in pinned memory.</summary>
internal sealed class StepSlot(CudaContext context) : IDisposable
{
    private readonly CudaEvent _done = new(context);
    private PinnedBuffer<byte> _upload = new(context, 64 << 10);
    private PinnedBuffer<TokenDraw> _draws = new(context, 1 << 12);

    /// <summary>Null while the slot is free.</summary>
    public StepPlan? Plan { get; private set; }

    /// <summary>Number of the step, for messages.</summary>
    public long Step { get; private set; }

    public void Begin(StepPlan plan, long step)
    {
        (Plan, Step) = (plan, step);
        Cover(ref _draws, plan.Samples.Length);
    }

    /// <summary>Where the step's arrays are written, so many bytes.</summary>
    public Span<byte> Upload(long bytes)
    {
        Cover(ref _upload, bytes);
        return _upload.Span[..(int)bytes];
    }

    public void Send(DevicePointer destination, long bytes, CudaStream stream) => stream.CopyToDevice(_upload, 0, destination, bytes);

    /// <summary>Enqueues the draws' way back and the mark that the step is done.</summary>
    public void Receive(DevicePointer draws, CudaStream stream)
    {
        if (Plan!.Samples.Length > 0)
            stream.CopyToHost(draws, _draws, 0, Plan.Samples.Length);
        _done.Record(stream);
    }

    /// <summary>Waits for the step and fills its plan's draws.</summary>
    public void Finish()
    {
        var plan = Plan!;
        Plan = null;
        _done.Synchronize();
        _draws.Span[..plan.Samples.Length].CopyTo(plan.Draws);
    }

    /// <summary>Frees the slot of a step that failed.</summary>
    public void Abandon() => Plan = null;

    public void Dispose()
    {
        _upload.Dispose();
        _draws.Dispose();
        _done.Dispose();
    }

    private void Cover<T>(ref PinnedBuffer<T> buffer, long length)
        where T : unmanaged
    {
        if (length <= buffer.Length)
            return;
        buffer.Dispose();
        buffer = new PinnedBuffer<T>(context, (long)BitOperations.RoundUpToPowerOf2((ulong)length));
    }
}
