using System.Runtime.InteropServices;

namespace PassAtK.Cuda.Kernels;

/// <summary>What `sample_nucleus` does with one row of logits (48 bytes; `SampleRow` in kernels/sample_nucleus.cuh).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SampleNucleusRow
{
    /// <summary><see cref="Mode"/>: draw a token for each sample.</summary>
    public const int Draw = 0;

    /// <summary><see cref="Mode"/>: the entries of `samples` are tokens, whose log-probability is asked for.</summary>
    public const int Score = 1;

    /// <summary>0: the largest logit, the lowest id on ties; otherwise 1e-30 to 1e30.</summary>
    public float Temperature;

    /// <summary>In (0, 1]; 1 switches the filter off.</summary>
    public float TopP;

    /// <summary>In [0, 1], relative to the most likely token; 0 switches the filter off.</summary>
    public float MinP;

    /// <summary>0, or anything from the vocabulary's size on, switches the filter off.</summary>
    public int TopK;

    public ulong Seed;

    public ulong ProblemKey;

    /// <summary>Generated tokens before this one; part of the random number's counter.</summary>
    public int Position;

    /// <summary>The row's first slot in `samples` and `draws`.</summary>
    public int FirstDraw;

    /// <summary>Slots of the row; 0: the row is passed over.</summary>
    public int DrawCount;

    /// <summary><see cref="Draw"/> or <see cref="Score"/>.</summary>
    public int Mode;
}
