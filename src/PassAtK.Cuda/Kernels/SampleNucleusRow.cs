using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>What `sample_nucleus` does with one row of logits (64 bytes; `SampleRow` in kernels/sample_nucleus.cuh).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SampleNucleusRow
{
    /// <summary><see cref="Mode"/>: draw a token for each sample.</summary>
    public const int Draw = 0;

    /// <summary><see cref="Mode"/>: the entries of `samples` are tokens, whose log-probability is asked for.</summary>
    public const int Score = 1;

    private const double Log2E = 1.4426950408889634;

    private float _temperature;
    private float _topP;
    private float _minP;
    private int _topK;
    private float _scaleHigh;
    private float _scaleLow;
    private int _drawCount;
    private int _mode;
    private ulong _seed;
    private ulong _problemKey;
    private double _logMinP;
    private int _position;
    private int _firstDraw;

    /// <summary>0: the largest logit, the lowest id on ties; otherwise 1e-30 to 1e30. Sets the exponents' scale, log2(e) / T.</summary>
    public float Temperature
    {
        readonly get => _temperature;
        init
        {
            // Two floats hold it to 48 bits; the kernel needs no double-precision division.
            var scale = value is 0 or 1 ? Log2E : Log2E / value;
            _temperature = value;
            _scaleHigh = (float)scale;
            _scaleLow = (float)(scale - _scaleHigh);
        }
    }

    /// <summary>In (0, 1]; 1 switches the filter off.</summary>
    public float TopP { readonly get => _topP; init => _topP = value; }

    /// <summary>In [0, 1], relative to the most likely token; 0 switches the filter off. Sets its logarithm too.</summary>
    public float MinP
    {
        readonly get => _minP;
        init
        {
            _minP = value;
            _logMinP = value > 0 ? Math.Log(value) : 0;
        }
    }

    /// <summary>0, or anything from the vocabulary's size on, switches the filter off.</summary>
    public int TopK { readonly get => _topK; init => _topK = value; }

    public ulong Seed { readonly get => _seed; init => _seed = value; }

    public ulong ProblemKey { readonly get => _problemKey; init => _problemKey = value; }

    /// <summary>Generated tokens before this one; part of the random number's counter.</summary>
    public int Position { readonly get => _position; init => _position = value; }

    /// <summary>The row's first slot in `samples` and `draws`.</summary>
    public int FirstDraw { readonly get => _firstDraw; init => _firstDraw = value; }

    /// <summary>Slots of the row; 0: the row is passed over.</summary>
    public int DrawCount { readonly get => _drawCount; init => _drawCount = value; }

    /// <summary><see cref="Draw"/> or <see cref="Score"/>.</summary>
    public int Mode { readonly get => _mode; init => _mode = value; }
}
