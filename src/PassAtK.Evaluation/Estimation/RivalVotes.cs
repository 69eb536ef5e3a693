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
    private readonly ComplexArray _single;
    private readonly ComplexArray _wholeTurn;
    private readonly ComplexArray _turn;
    private readonly double _p;
    private readonly double _total;
    private int _votes = 1;
    private int _turnedTo = -1;
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
        _single = new ComplexArray((points / 2) + 1);
        for (var at = 0; at < _single.Length; at++)
            _single.Set(at, 1 - p + (p * _roots[at]));
        (_wholeTurn, _turn) = (new ComplexArray(_single.Length), new ComplexArray(_single.Length));
        Turn(_wholeTurn, -k);
        _groups =
        [
            .. answers.Classes.CountBy(answer => answer.Samples)
                .Select(group => new Group(group.Key, group.Value, new BinomialWindow(group.Key, p), _single.Length)),
        ];
        AddVotes(0);
    }

    public bool IsAtEnd => _votes > _k || Array.TrueForAll(_groups, group => group.Votes.High < _votes);

    public void Advance()
    {
        AddVotes(_votes);
        _votes++;
    }

    /// <summary>The probability that an answer of so many samples receives v votes and is elected, given that k votes are cast.</summary>
    public double Elected(int samples)
    {
        var own = Array.Find(_groups, group => group.Samples == samples)!.Votes[_votes];
        if (own < Negligible)
            return 0;
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
                rivals.Add(new Rival(group.Below, group.Fewer, tie, others));
                unbeaten *= Math.Pow(group.Fewer + tie, others);
            }
        }
        if (unbeaten < Negligible)
            return 0;
        if (rivals.Count == 0)
            return own * Silent(silent)[_k - _votes] / _total;
        var ties = GaussLegendre.OfDegree(MostTies(rivals, own));
        TurnTo(_votes);
        var sum = 0.0;
        for (var first = 0; first < _single.Length; first += Vector<double>.Count)
        {
            var others = _single.Lanes(first).Power(silent);
            var matters = Vector.GreaterThanOrEqual(own * others.Size * MostUnbeaten(rivals, first), new Vector<double>(Negligible));
            if (!Vector.EqualsAny(matters, Vector<long>.AllBitsSet))
                continue;
            var terms = Vector.ConditionalSelect(
                matters, (others * _turn.Lanes(first) * _wholeTurn.Lanes(first) * Unbeaten(rivals, first, ties)).Real, Vector<double>.Zero);
            for (var at = first; at < Math.Min(first + Vector<double>.Count, _single.Length); at++)
            {
                var isPaired = at > 0 && 2 * at != _roots.Length;
                sum += terms[at - first] * (isPaired ? 2 : 1);
            }
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
            var (below, tie) = (rival.Fewer, rival.Tie);
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

    /// <summary>No less than what <see cref="Unbeaten"/> can come to at some points, by the sizes of its terms.</summary>
    private static Vector<double> MostUnbeaten(List<Rival> rivals, int first)
    {
        var most = Vector<double>.One;
        foreach (var rival in rivals)
            most *= Power(rival.Below.Lanes(first).Size + new Vector<double>(rival.Tie), rival.Count);
        return most;
    }

    private BinomialWindow Silent(int samples)
    {
        if (_silent.Samples != samples)
            _silent = (samples, new BinomialWindow(samples, _p));
        return _silent.Votes;
    }

    private ComplexLanes Unbeaten(List<Rival> rivals, int first, GaussLegendre ties)
    {
        var turn = _turn.Lanes(first);
        var sum = default(ComplexLanes);
        for (var i = 0; i < ties.Points.Length; i++)
        {
            var product = ties.Weights[i] * ComplexLanes.One;
            foreach (var rival in rivals)
                product *= (rival.Below.Lanes(first) + (ties.Points[i] * rival.Tie * turn)).Power(rival.Count);
            sum += product;
        }
        return sum;
    }

    private void AddVotes(int votes)
    {
        foreach (var group in _groups)
        {
            if (group.Votes[votes] == 0)
                continue;
            TurnTo(votes);
            group.Add(votes, _turn);
        }
    }

    private void TurnTo(int votes)
    {
        if (_turnedTo == votes)
            return;
        Turn(_turn, votes);
        _turnedTo = votes;
    }

    /// <summary>The points to a power, which are points of the circle, too.</summary>
    private void Turn(ComplexArray turned, int power)
    {
        var step = power % _roots.Length;
        step += step < 0 ? _roots.Length : 0;
        for (var (at, root) = (0, 0); at < turned.Length; at++)
        {
            turned.Set(at, _roots[root]);
            root += step;
            root -= root >= _roots.Length ? _roots.Length : 0;
        }
    }

    private static Complex Root(int at, int points)
    {
        var (sin, cos) = Math.SinCos(2 * Math.PI * at / points);
        return new Complex(cos, sin);
    }

    private static Vector<double> Power(Vector<double> value, int exponent)
    {
        var result = Vector<double>.One;
        for (; exponent > 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
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
        public ComplexArray Below { get; } = new(points);

        /// <summary>The probability of fewer than v votes.</summary>
        public double Fewer { get; private set; }

        /// <param name="value">The number of votes that is added.</param>
        /// <param name="turn">The points to that power.</param>
        public void Add(int value, ComplexArray turn)
        {
            var chance = votes[value];
            Fewer += chance;
            for (var first = 0; first < points; first += Vector<double>.Count)
                Below.SetLanes(first, Below.Lanes(first) + (chance * turn.Lanes(first)));
        }
    }

    private readonly record struct Rival(ComplexArray Below, double Fewer, double Tie, int Count);
}
