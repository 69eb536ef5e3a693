using PassAtK.Cuda;
using PassAtK.Engine.Checkpoints;

namespace PassAtK.Engine.Cuda;

/// <summary>All weights of a model in one piece of device memory, as <see cref="WeightLayout"/> lays them out.</summary>
internal sealed class DeviceWeights : IDisposable
{
    private readonly CudaDeviceVariable<byte> _memory;

    /// <summary>Reads and uploads all of them.</summary>
    /// <exception cref="InputException">A tensor is missing, or has a shape or a type that is not supported.</exception>
    /// <exception cref="CudaException">The device has no room for them.</exception>
    public DeviceWeights(CudaContext context, IWeightSource source, DeviceShape shape)
    {
        Layout = new WeightLayout(shape);
        Type = WeightElements.TypeOf(source, Layout);
        _memory = DeviceAllocation.Of<byte>(
            context, Layout.Size, "the weights", "end what else uses the device, or take a smaller model");
        try
        {
            using var upload = new WeightUpload(context, Layout);
            upload.Run(source, _memory);
        }
        catch
        {
            _memory.Dispose();
            throw;
        }
    }

    public WeightLayout Layout { get; }

    /// <summary>Type of the matrices.</summary>
    public DataType Type { get; }

    public long Size => Layout.Size;

    /// <summary>Address of an offset of the layout; null for -1, what the model does not have.</summary>
    public DevicePointer At(long offset) => offset < 0 ? default : _memory.Pointer + offset;

    public DeviceProjection Projection(ProjectionPlace place) => new(At(place.Weight), At(place.Bias), place.Outputs, place.Inputs);

    /// <summary>Bytes as they lie on the device.</summary>
    internal void Read(long offset, Span<byte> destination) => _memory.CopyTo(destination, offset);

    public void Dispose() => _memory.Dispose();
}
