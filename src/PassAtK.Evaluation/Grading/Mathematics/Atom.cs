using System.Numerics;

namespace PassAtK.Evaluation.Grading.Mathematics;

internal enum AtomKind
{
    /// <summary>A variable, or an unknown function's value.</summary>
    Variable,

    /// <summary>Pi or Euler's number.</summary>
    Transcendental,

    /// <summary>A whole number whose fractional powers stay: exponents are in (0, 1).</summary>
    Prime,

    /// <summary>The imaginary unit, to the power 1.</summary>
    Imaginary,

    /// <summary>A polynomial whose fractional powers stay: exponents are in (0, 1).</summary>
    Radical,

    /// <summary>Anything else with a value: a logarithm, a sine, a power with a variable exponent.</summary>
    Opaque,
}

/// <summary>What monomials are made of.</summary>
/// <param name="Key">One text for each atom.</param>
/// <param name="Kind">How its powers combine.</param>
/// <param name="IsProven">For a prime: it is one, so that its roots are independent of the others.</param>
/// <param name="Whole">The number of a <see cref="AtomKind.Prime"/>.</param>
/// <param name="Base">The polynomial of a <see cref="AtomKind.Radical"/>.</param>
internal sealed record Atom(string Key, AtomKind Kind, bool IsProven = true, BigInteger Whole = default, Polynomial? Base = null)
{
    /// <summary>Powers of powers multiply their exponents.</summary>
    public bool IsPositive => Kind is AtomKind.Transcendental or AtomKind.Prime;

    /// <summary>Exponents are kept below 1.</summary>
    public bool Carries => Kind is AtomKind.Prime or AtomKind.Imaginary or AtomKind.Radical;
}
