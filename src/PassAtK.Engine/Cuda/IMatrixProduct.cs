using PassAtK.Cuda;

namespace PassAtK.Engine.Cuda;

/// <summary>A projection on the device: weight Element `[outputs, inputs]`, bias F32 `[outputs]` or null.</summary>
internal readonly record struct DeviceProjection(DevicePointer Weight, DevicePointer Bias, int Outputs, int Inputs);

/// <summary>
/// output = input weight^T + bias, rows side by side in memory. Each output element depends on its own row and column alone, bit for bit:
/// the number of rows may change who computes it, never in what order its products are added.
/// </summary>
internal interface IMatrixProduct : IDisposable
{
    /// <summary>What tells results of this implementation from another's: part of the backend's name.</summary>
    string Name { get; }

    /// <summary>What it uses for each weight, a line each, for people.</summary>
    IEnumerable<string> Describe();

    /// <summary>Makes ready what <see cref="Launch"/> needs for so many rows, so that it can be captured.</summary>
    void Prepare(in DeviceProjection projection, bool toF32, int rows);

    /// <param name="projection">The weights.</param>
    /// <param name="input">Element `[rows, inputs]`.</param>
    /// <param name="output">`[rows, outputs]`: F32 where <paramref name="toF32"/>, else Element.</param>
    /// <param name="toF32">Whether results stay F32: the logits.</param>
    /// <param name="rowCount">One int on the device: rows that matter, at most <paramref name="rows"/>.</param>
    /// <param name="rows">Rows that the launch has room for.</param>
    /// <param name="stream">Where to launch, which may be capturing.</param>
    /// <exception cref="CudaException">The launch failed.</exception>
    void Launch(
        in DeviceProjection projection, DevicePointer input, DevicePointer output, bool toF32, DevicePointer rowCount, int rows,
        CudaStream stream);
}
