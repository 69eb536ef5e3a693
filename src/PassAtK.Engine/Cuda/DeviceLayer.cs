using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>The weights of one transformer block on the device; norms that the model does not have are null.</summary>
internal readonly record struct DeviceLayer(
    DevicePointer InputNorm, DeviceProjection QueryKeyValue, DevicePointer QueryNorm, DevicePointer KeyNorm, DeviceProjection AttentionOutput,
    DevicePointer FeedForwardNorm, DeviceProjection GateUp, DeviceProjection Down)
{
    public DeviceLayer(DeviceWeights weights, LayerPlace place)
        : this(
            weights.At(place.InputNorm), weights.Projection(place.QueryKeyValue), weights.At(place.QueryNorm), weights.At(place.KeyNorm),
            weights.Projection(place.AttentionOutput), weights.At(place.FeedForwardNorm), weights.Projection(place.GateUp),
            weights.Projection(place.Down))
    {
    }
}
