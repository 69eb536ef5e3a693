using System.Numerics;
using System.Runtime.CompilerServices;

namespace PassAtK.Evaluation.Estimation;

/// <summary>Complex numbers, one a lane of a vector. A lane's result is the same whatever the width.</summary>
internal readonly record struct ComplexLanes(Vector<double> Real, Vector<double> Imaginary)
{
    public static ComplexLanes One => new(Vector<double>.One, Vector<double>.Zero);

    /// <summary>Absolute values, of numbers whose squares neither overflow nor matter where they vanish.</summary>
    public Vector<double> Size => Vector.SquareRoot((Real * Real) + (Imaginary * Imaginary));

    public static ComplexLanes operator +(ComplexLanes left, ComplexLanes right) =>
        new(left.Real + right.Real, left.Imaginary + right.Imaginary);

    public static ComplexLanes operator *(ComplexLanes left, ComplexLanes right) => new(
        (left.Real * right.Real) - (left.Imaginary * right.Imaginary), (left.Imaginary * right.Real) + (left.Real * right.Imaginary));

    public static ComplexLanes operator *(double factor, ComplexLanes lanes) => new(lanes.Real * factor, lanes.Imaginary * factor);

    public ComplexLanes Power(int exponent)
    {
        var (result, value) = (One, this);
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result *= value;
            value *= value;
        }
        return result;
    }
}

/// <summary>An array of complex numbers that is read and written by lanes; what lies in the lanes past its end is 0 at first.</summary>
internal sealed class ComplexArray(int length)
{
    private readonly double[] _real = new double[Padded(length)];
    private readonly double[] _imaginary = new double[Padded(length)];

    public int Length => length;

    /// <summary>As many numbers as there are lanes, from <paramref name="first"/> on, which is a multiple of that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ComplexLanes Lanes(int first) => new(new Vector<double>(_real, first), new Vector<double>(_imaginary, first));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetLanes(int first, ComplexLanes lanes)
    {
        lanes.Real.CopyTo(_real, first);
        lanes.Imaginary.CopyTo(_imaginary, first);
    }

    public void Set(int at, Complex value) => (_real[at], _imaginary[at]) = (value.Real, value.Imaginary);

    private static int Padded(int length) => (length + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
}
