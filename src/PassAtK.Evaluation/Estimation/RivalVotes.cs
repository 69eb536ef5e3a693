using System.Numerics;

namespace PassAtK.Evaluation.Estimation;

/// <summary>
/// The votes of all answers to a problem, seen from one that receives v of them: how likely all k are cast and no rival has more than v,
/// each outcome over the number of answers that have v. v starts at 1 and rises with <see cref="Advance"/>.
/// </summary>
/// <remarks>
/// The probability that votes add up to k is the coefficient of z^k in the product of generating functions: here the mean of
/// z^-k times the product over the N-th roots of unity z. That adds the coefficients of k + N, k - N and so on, and N is so large that these
/// are negligible. A rival of generating function A(z) below v and b z^v at v enters as A(z) + u b z^v; integrated over u from 0 to 1 an
/// outcome with t such ties is divided by t + 1, and Gauss-Legendre quadrature of enough points does it exactly.
/// </remarks>
internal sealed class RivalVotes
{
    private const double Negligible = 1e-16;

    private readonly int _k;
    private readonly int _withoutAnswer;
    private readonly Group[] _groups;
    private readonly Complex[] _roots;
    private readonly Complex[] _single;
    private readonly double _p;
    private readonly double _total;
    private int _votes = 1;
    private (int Samples, BinomialWindow Votes) _silent;

    /// <param name="answers">The answers.</param>
    /// <param name="k">How many votes are cast, from 1 to n.</param>
    public RivalVotes(ProblemAnswers answers, int k)
    {
        (_k, _withoutAnswer) = (k, answers.WithoutAnswer);
        var p = (double)k / answers.Samples;
        var total = new BinomialWindow(answers.Samples, p);
        (_p, _silent) = (p, (answers.Samples, total));
        _total = total[k];
        var points = Math.Max(total.High - k, k - total.Low) + 1;
        _roots = [.. Enumerable.Range(0, points).Select(at => Root(at, points))];
        // The product takes conjugate values at conjugate points: half the circle is enough.
        _single = [.. _roots.Take((points / 2) + 1).Select(root => 1 - p + (p * root))];
        _groups =
        [
            .. answers.Classes.CountBy(answer => answer.Samples)
                .Select(group => new Group(group.Key, group.Value, new BinomialWindow(group.Key, p), _single.Length)),
        ];
        foreach (var group in _groups)
            group.Add(0, _roots);
    }

    public bool IsAtEnd => _votes > _k || Array.TrueForAll(_groups, group => group.Votes.High < _votes);

    public void Advance()
    {
        foreach (var group in _groups)
            group.Add(_votes, _roots);
        _votes++;
    }

    /// <summary>The probability that an answer of so many samples receives v votes and is elected, given that k votes are cast.</summary>
    public double Elected(int samples)
    {
        var own = Array.Find(_groups, group => group.Samples == samples)!.Votes[_votes];
        var silent = _withoutAnswer;
        var rivals = new List<Rival>(_groups.Length);
        var unbeaten = own;
        foreach (var group in _groups)
        {
            var others = group.Count - (group.Samples == samples ? 1 : 0);
            if (group.Votes.High < _votes)
            {
                silent += others * group.Samples;
            }
            else if (others > 0)
            {
                var tie = group.Votes[_votes];
                rivals.Add(new Rival(group.Below, tie, others));
                unbeaten *= Power(group.Below[0].Real + tie, others);
            }
        }
        if (unbeaten < Negligible)
            return 0;
        if (rivals.Count == 0)
            return own * Silent(silent)[_k - _votes] / _total;
        var ties = GaussLegendre.OfDegree(MostTies(rivals, own));
        var sum = 0.0;
        for (var at = 0; at < _single.Length; at++)
        {
            var others = Power(_single[at], silent);
            if (own * Size(others) * MostUnbeaten(rivals, at) < Negligible)
                continue;
            var isPaired = at > 0 && 2 * at != _roots.Length;
            sum += (others * RootOf(at, _votes - _k) * Unbeaten(rivals, at, ties)).Real * (isPaired ? 2 : 1);
        }
        return Math.Max(0, own * sum / _roots.Length / _total);
    }

    /// <summary>How many rivals may tie, beyond which it is negligible.</summary>
    private int MostTies(List<Rival> rivals, double own)
    {
        var chances = new double[((_k - _votes) / _votes) + 1];
        chances[0] = own;
        var most = 0;
        foreach (var rival in rivals)
        {
            var (below, tie) = (rival.Below[0].Real, rival.Tie);
            for (var repeat = 0; repeat < rival.Count; repeat++)
            {
                most = Math.Min(most + 1, chances.Length - 1);
                for (var ties = most; ties > 0; ties--)
                    chances[ties] = (chances[ties] * below) + (chances[ties - 1] * tie);
                chances[0] *= below;
            }
        }
        while (most > 0 && chances[most] < Negligible)
            most--;
        return most;
    }

    /// <summary>No less than what <see cref="Unbeaten"/> can come to at a point, by the sizes of its terms.</summary>
    private static double MostUnbeaten(List<Rival> rivals, int at)
    {
        var most = 1.0;
        for (var i = 0; i < rivals.Count && most > Negligible; i++)
            most *= Power(Size(rivals[i].Below[at]) + rivals[i].Tie, rivals[i].Count);
        return most;
    }

    private BinomialWindow Silent(int samples)
    {
        if (_silent.Samples != samples)
            _silent = (samples, new BinomialWindow(samples, _p));
        return _silent.Votes;
    }

    private Complex Unbeaten(List<Rival> rivals, int at, GaussLegendre ties)
    {
        var root = RootOf(at, _votes);
        var sum = Complex.Zero;
        for (var i = 0; i < ties.Points.Length; i++)
        {
            Complex product = ties.Weights[i];
            foreach (var rival in rivals)
                product *= Power(rival.Below[at] + (root * (ties.Points[i] * rival.Tie)), rival.Count);
            sum += product;
        }
        return sum;
    }

    /// <summary>A point of the circle to a power, which is another.</summary>
    private Complex RootOf(int at, int power)
    {
        var index = (int)((long)at * power % _roots.Length);
        return _roots[index < 0 ? index + _roots.Length : index];
    }

    // All are at most 1, so that the squares cannot overflow, and those that vanish are negligible: no need of Magnitude's care.
    private static double Size(Complex value) => Math.Sqrt((value.Real * value.Real) + (value.Imaginary * value.Imaginary));

    private static Complex Root(int at, int points)
    {
        var (sin, cos) = Math.SinCos(2 * Math.PI * at / points);
        return new Complex(cos, sin);
    }

    private static T Power<T>(T value, int power)
        where T : INumberBase<T>
    {
        var result = T.One;
        for (; power > 0; power >>= 1)
        {
            if ((power & 1) != 0)
                result *= value;
            value *= value;
        }
        return result;
    }

    /// <summary>Answers of equally many samples, which receive votes alike.</summary>
    private sealed class Group(int samples, int count, BinomialWindow votes, int points)
    {
        public int Samples => samples;

        public int Count => count;

        public BinomialWindow Votes => votes;

        /// <summary>The generating function of fewer than v votes, at each point.</summary>
        public Complex[] Below { get; } = new Complex[points];

        public void Add(int value, Complex[] roots)
        {
            var chance = votes[value];
            if (chance == 0)
                return;
            var step = value % roots.Length;
            for (var (at, root) = (0, 0); at < Below.Length; at++)
            {
                Below[at] += chance * roots[root];
                root += step;
                root -= root >= roots.Length ? roots.Length : 0;
            }
        }
    }

    private readonly record struct Rival(Complex[] Below, double Tie, int Count);
}
