using System.Numerics;
using PassAtK.Cuda;
using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Cuda;

/// <summary>A step in flight: its plan, its arrays on their way to the device and its draws on their way back, in pinned memory.</summary>
internal sealed class StepSlot : IDisposable
{
    private readonly CudaContext _context;
    private readonly CudaEvent _done;
    private PinnedBuffer<byte> _upload;
    private PinnedBuffer<TokenDraw> _draws;

    /// <param name="context">The device.</param>
    /// <param name="uploadBytes">Bytes of a usual step's arrays.</param>
    /// <param name="draws">Draws of a usual step.</param>
    /// <exception cref="CudaException">There is no pinned memory left.</exception>
    public StepSlot(CudaContext context, long uploadBytes, long draws)
    {
        _context = context;
        _done = new CudaEvent(context);
        try
        {
            _upload = new PinnedBuffer<byte>(context, uploadBytes);
            _draws = new PinnedBuffer<TokenDraw>(context, draws);
        }
        catch
        {
            _upload?.Dispose();
            _done.Dispose();
            throw;
        }
    }

    /// <summary>Null while the slot is free.</summary>
    public StepPlan? Plan { get; private set; }

    /// <summary>Number of the step, for messages.</summary>
    public long Step { get; private set; }

    /// <summary>What the launches of a marked step are; null for one that is not.</summary>
    public List<LaunchMark>? Marks { get; set; }

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
        // The slot stays as it is where this fails.
        var larger = new PinnedBuffer<T>(_context, (long)BitOperations.RoundUpToPowerOf2((ulong)length));
        buffer.Dispose();
        buffer = larger;
    }
}
