using PassAtK.Cuda.Kernels;
using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;

namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>Rows of logits, what is asked of each, and one run of the sampling kernels over all of them.</summary>
internal sealed class SampleNucleusBatch(int vocabulary)
{
    private readonly List<(float[] Logits, SampleNucleusRow Row)> _rows = [];
    private readonly List<int> _samples = [];

    public int Rows => _rows.Count;

    /// <summary>Launch for so many rows more than there are.</summary>
    public int Padding { get; init; }

    /// <summary>Quadruples of NaN between rows, beside those elements that make the stride a multiple of 4.</summary>
    public int Gap { get; init; }

    /// <summary>Logits are stored as BF16, which must hold them exactly.</summary>
    public bool Bf16 { get; init; }

    public static SampleNucleusRow Request(SamplingParameters parameters, int position = 3) => new()
    {
        Temperature = parameters.Temperature,
        TopP = parameters.TopP,
        MinP = parameters.MinP,
        TopK = parameters.TopK,
        Seed = 0x1234_5678_9ABC_DEF0,
        ProblemKey = 0x0FED_CBA9_8765_4321,
        Position = position,
    };

    /// <summary>The random number of a slot of <see cref="Request"/>.</summary>
    public static double Uniform(int sample, int position = 3) =>
        Philox.Uniform(0x1234_5678_9ABC_DEF0, 0x0FED_CBA9_8765_4321, sample, position);

    public void Add(float[] logits, SampleNucleusRow row, params ReadOnlySpan<int> samples)
    {
        Assert.Equal(vocabulary, logits.Length);
        _rows.Add((logits, row with { FirstDraw = _samples.Count, DrawCount = samples.Length }));
        _samples.AddRange(samples);
    }

    public void Add(float[] logits, SamplingParameters parameters, params ReadOnlySpan<int> samples) =>
        Add(logits, Request(parameters), samples);

    public void AddScores(float[] logits, params ReadOnlySpan<int> targets) =>
        Add(logits, Request(new SamplingParameters()) with { Mode = SampleNucleusRow.Score }, targets);

    /// <summary>For each row its draws.</summary>
    public TokenDraw[][] Run(KernelDevice device)
    {
        var stride = ((vocabulary + 3) / 4 * 4) + (4 * Gap);
        var logits = new float[(Rows + Padding) * stride];
        Array.Fill(logits, float.NaN);
        for (var row = 0; row < Rows; row++)
            _rows[row].Logits.CopyTo(logits, row * stride);

        var rows = new SampleNucleusRow[Rows + Padding];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = row < Rows ? _rows[row].Row : new SampleNucleusRow { DrawCount = 1, FirstDraw = _samples.Count };
        var draws = device.Upload(Enumerable.Repeat(new TokenDraw(-7, 0, 0), _samples.Count + 1).ToArray());
        var parameters = new SampleNucleusParams
        {
            Logits = Bf16 ? device.Upload(logits.Select(ToBf16).ToArray()).Pointer : device.Upload(logits).Pointer,
            Rows = device.Upload(rows).Pointer,
            Samples = device.Upload([.. _samples, 0]).Pointer,
            Draws = draws.Pointer,
            Workspace = device.Upload(new float[SampleNucleus.WorkspaceFloats(Rows + Padding, vocabulary)]).Pointer,
            RowCount = device.Upload(Rows).Pointer,
            RowStride = stride,
            Vocabulary = vocabulary,
        };
        new SampleNucleus(device.Compiler, Bf16).Launch(parameters, Rows + Padding, device.Stream);

        var results = device.Download(draws);
        Assert.Equal(-7, results[^1].Token);
        return [.. _rows.Select(row => results[row.Row.FirstDraw..(row.Row.FirstDraw + row.Row.DrawCount)])];
    }

    private static ushort ToBf16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        Assert.True(float.IsNaN(value) || (bits & 0xFFFF) == 0, $"{value} is no BF16.");
        return (ushort)(bits >> 16);
    }
}
