using System.Text;

namespace PassAtK.Evaluation.Grading.Mathematics;

/// <summary>A product of powers of atoms, in the order of their keys, each exponent positive.</summary>
internal sealed class Monomial : IEquatable<Monomial>
{
    public static readonly Monomial One = new([]);

    private readonly int _hash;

    public Monomial((Atom Atom, Rational Exponent)[] powers)
    {
        Powers = powers;
        var hash = new HashCode();
        foreach (var (atom, exponent) in powers)
        {
            hash.Add(atom.Key, StringComparer.Ordinal);
            hash.Add(exponent);
        }
        _hash = hash.ToHashCode();
    }

    public IReadOnlyList<(Atom Atom, Rational Exponent)> Powers { get; }

    /// <summary>Both powers of each atom added up; integer parts of atoms that carry are still inside.</summary>
    public Monomial Times(Monomial other)
    {
        if (Powers.Count == 0)
            return other;
        if (other.Powers.Count == 0)
            return this;
        var powers = new List<(Atom, Rational)>(Powers.Count + other.Powers.Count);
        var (left, right) = (0, 0);
        while (left < Powers.Count || right < other.Powers.Count)
        {
            var order = left == Powers.Count ? 1 : right == other.Powers.Count ? -1
                : string.CompareOrdinal(Powers[left].Atom.Key, other.Powers[right].Atom.Key);
            if (order < 0)
                powers.Add(Powers[left++]);
            else if (order > 0)
                powers.Add(other.Powers[right++]);
            else
                powers.Add((Powers[left].Atom, Powers[left++].Exponent + other.Powers[right++].Exponent));
        }
        return new Monomial([.. powers]);
    }

    public bool Equals(Monomial? other)
    {
        if (other is null || _hash != other._hash || Powers.Count != other.Powers.Count)
            return false;
        for (var at = 0; at < Powers.Count; at++)
        {
            if (Powers[at].Atom.Key != other.Powers[at].Atom.Key || Powers[at].Exponent != other.Powers[at].Exponent)
                return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as Monomial);

    public override int GetHashCode() => _hash;

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (atom, exponent) in Powers)
            text.Append('*').Append(atom.Key).Append('^').Append(exponent);
        return text.ToString();
    }
}
