using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// Logits in ascending token id and their weights, seen as blocks of 64. A last block that is not full is read from a padded copy, whose
/// excess logits are -infinity and whose excess weights are 0, so that no pass needs a remainder loop.
/// </summary>
/// <param name="logits">`[count]`.</param>
/// <param name="tail">`[64]`: the last count mod 64 logits, padded.</param>
/// <param name="weights">`[blocks * 64]`, padded; e^((logit - max) / temperature) once they are known.</param>
internal readonly ref struct TokenRow(ReadOnlySpan<float> logits, ReadOnlySpan<float> tail, Span<float> weights)
{
    /// <summary>Logits in a block.</summary>
    public const int BlockSize = 64;

    private readonly ref readonly float _tail = ref MemoryMarshal.GetReference(tail);
    private readonly int _fullBlocks = logits.Length / BlockSize;

    public ReadOnlySpan<float> Logits { get; } = logits;

    public Span<float> Weights { get; } = weights;

    public int Count => Logits.Length;

    public int Blocks => (Count + BlockSize - 1) / BlockSize;

    /// <summary>First logit of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly float LogitBlock(int block) => ref block < _fullBlocks
        ? ref Unsafe.Add(ref MemoryMarshal.GetReference(Logits), block * BlockSize)
        : ref _tail;

    /// <summary>First weight of a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref float WeightBlock(int block) => ref Unsafe.Add(ref MemoryMarshal.GetReference(Weights), block * BlockSize);
}
