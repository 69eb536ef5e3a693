using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// Logits in ascending token id and their weights, seen as blocks of 64. A last block that is not full is read from a padded copy, whose
/// excess logits are -infinity and whose excess weights are 0, so that no pass needs a remainder loop.
/// </summary>
internal readonly ref struct TokenRow
{
    /// <summary>Logits in a block.</summary>
    public const int BlockSize = 64;

    private readonly ref readonly float _tail;
    private readonly int _fullBlocks;
    private readonly int _stride = 1;

    /// <param name="logits">`[count]`.</param>
    /// <param name="tail">`[64]`: the last count mod 64 logits, padded.</param>
    /// <param name="weights">`[blocks * 64]`, padded; e^((logit - max) / temperature) once they are known.</param>
    public TokenRow(ReadOnlySpan<float> logits, ReadOnlySpan<float> tail, Span<float> weights)
    {
        Logits = logits;
        Weights = weights;
        Blocks = (logits.Length + BlockSize - 1) / BlockSize;
        _tail = ref MemoryMarshal.GetReference(tail);
        _fullBlocks = logits.Length / BlockSize;
    }

    private TokenRow(TokenRow whole, int blocks)
    {
        this = whole;
        _stride = whole._fullBlocks / blocks;
        Blocks = blocks;
    }

    public ReadOnlySpan<float> Logits { get; }

    public Span<float> Weights { get; }

    public int Count => Logits.Length;

    public int Blocks { get; }

    /// <summary>So many full blocks, evenly spread, for passes that ask for counts and masses only.</summary>
    public TokenRow Sparse(int blocks) => new(this, blocks);

    /// <summary>First logit of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly float LogitBlock(int block) => ref block < _fullBlocks
        ? ref Unsafe.Add(ref MemoryMarshal.GetReference(Logits), block * _stride * BlockSize)
        : ref _tail;

    /// <summary>First weight of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float WeightBlock(int block) =>
        ref Unsafe.Add(ref MemoryMarshal.GetReference(Weights), block * _stride * BlockSize);
}
