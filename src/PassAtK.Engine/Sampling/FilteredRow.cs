using PassAtK.Engine.Execution;

namespace PassAtK.Engine.Sampling;

/// <summary>
/// One row of logits and the distribution that its tokens are drawn from. Every call takes the same logits: load, then score, take the
/// most likely token, or filter and draw.
/// </summary>
internal sealed class FilteredRow(int vocabularySize, IRowPasses passes)
{
    private readonly float[] _tail = new float[TokenRow.BlockSize];
    private readonly float[] _weights = new float[Padded(vocabularySize)];
    private readonly float[] _groups = new float[Padded(IRowPasses.GroupCount(vocabularySize))];
    private readonly CandidateList _candidates = new();
    private readonly CutoffSearch _search = new(passes);
    private readonly InverseCdf _inverse = new(passes, vocabularySize);
    private float _maximum;
    private double _temperature;
    private double _logMass;
    private double _logNaturalMass;

    /// <summary>What the filters left: tokens that the cutoff keeps and whose weight is not 0.</summary>
    public Cutoff Cutoff { get; private set; }

    /// <summary>False when a logit is NaN or +infinity or none is finite.</summary>
    public bool TryLoad(ReadOnlySpan<float> logits)
    {
        var rest = logits[(logits.Length / TokenRow.BlockSize * TokenRow.BlockSize)..];
        rest.CopyTo(_tail);
        _tail.AsSpan(rest.Length).Fill(float.NegativeInfinity);
        return passes.Maximum(Tokens(logits), _groups, out _maximum);
    }

    /// <summary>The log-probability of a token under the unfiltered softmax at temperature 1.</summary>
    public TokenDraw Score(ReadOnlySpan<float> logits, int token)
    {
        var logMass = Math.Log(passes.Weigh(Tokens(logits), _maximum, ExpScale.Natural));
        var logprob = (float)((double)logits[token] - _maximum - logMass);
        return new TokenDraw(token, logprob, logprob);
    }

    /// <summary>The token with the largest logit, the lowest id on ties.</summary>
    public TokenDraw MostLikely(ReadOnlySpan<float> logits)
    {
        // Whole segments are passed over by their group maxima; equality, not the bit pattern, decides, since 0 and -0 are one value.
        var segment = 0;
        while (!_groups.AsSpan(segment * IRowPasses.SegmentGroups, IRowPasses.SegmentGroups).Contains(_maximum))
            segment++;
        var token = segment * IRowPasses.SegmentSize;
        while (logits[token] != _maximum)
            token++;
        return Score(logits, token) with { FilteredLogprob = 0 };
    }

    /// <summary>Applies temperature (above 0) and filters.</summary>
    public void Filter(ReadOnlySpan<float> logits, SamplingParameters parameters)
    {
        var tokens = Tokens(logits);
        _temperature = parameters.Temperature;
        var scale = ExpScale.For(1 / _temperature);
        double mass, naturalMass;
        if (_temperature == 1)
            mass = naturalMass = passes.Weigh(tokens, _maximum, scale);
        else
            mass = passes.Weigh(tokens, _maximum, scale, out naturalMass);

        var topK = parameters.TopK < tokens.Count ? parameters.TopK : 0;
        var floor = Floor(tokens, mass, parameters, topK);
        if (floor > float.MinValue && _candidates.TryLoad(passes, tokens, floor, float.PositiveInfinity))
        {
            var cutoff = Cut(_candidates.Tokens, floor, mass, parameters, topK);
            _inverse.Load(_candidates, cutoff);
            Cutoff = _candidates.InRow(cutoff);
        }
        else
        {
            Cutoff = Cut(tokens, floor, mass, parameters, topK);
            _inverse.Load(tokens, Cutoff);
        }
        _logNaturalMass = Math.Log(naturalMass);
        // The two masses are added up in different orders; without any filter their logarithms are to agree in every bit.
        _logMass = _temperature == 1 && Cutoff == Cutoff.None ? _logNaturalMass : Math.Log(_inverse.Mass);
    }

    /// <summary>The token at u in [0, 1] of the filtered distribution.</summary>
    public TokenDraw Draw(ReadOnlySpan<float> logits, double u)
    {
        var token = _inverse.Draw(u, _weights);
        var difference = (double)logits[token] - _maximum;
        return new TokenDraw(
            token, (float)(difference - _logNaturalMass), (float)((difference / _temperature) - _logMass));
    }

    private static int Padded(int count) => (count + TokenRow.BlockSize - 1) / TokenRow.BlockSize * TokenRow.BlockSize;

    private TokenRow Tokens(ReadOnlySpan<float> logits) => new(logits, _tail, _weights);

    /// <summary>
    /// A logit that everything reaches on which a filter has yet to decide; the lowest finite one when no filter gives a bound. With top-k
    /// before top-p all of top-k's survivors matter, since their mass is what top-p refers to.
    /// </summary>
    private float Floor(TokenRow tokens, double mass, SamplingParameters parameters, int topK)
    {
        var floor = topK > 0 ? TopKFloor(topK) : float.MinValue;
        if (topK == 0 || parameters.TopP == 1)
            floor = Math.Max(floor, MinPFloor(parameters));
        if (topK == 0 && parameters.TopP < 1)
        {
            // Tokens lighter than this have less than 1 - top_p of the mass even all together. The margin of 1% covers the rounding of
            // weights and sums.
            var lightest = 0.99 * (1 - (double)parameters.TopP) * mass / tokens.Count;
            floor = Math.Max(floor, (float)(_maximum + (_temperature * Math.Log(lightest))));
        }
        return floor;
    }

    /// <summary>The least logit x with e^((x - maximum) / temperature) of at least min-p; the maximum's own weight is 1.</summary>
    private float MinPFloor(SamplingParameters parameters)
    {
        if (parameters.MinP == 0)
            return float.MinValue;
        var exact = _maximum + (_temperature * Math.Log(parameters.MinP));
        var floor = (float)Math.Max(exact, float.MinValue);
        return floor < exact ? float.BitIncrement(floor) : floor;
    }

    /// <summary>The k-th largest of the group maxima: k tokens at least reach it.</summary>
    private float TopKFloor(int topK)
    {
        var count = IRowPasses.GroupCount(vocabularySize);
        _groups.AsSpan(count).Fill(float.NegativeInfinity);
        var groups = new TokenRow(_groups, default, _weights);
        var (finite, _) = passes.Measure(groups, float.MinValue);
        if (finite < topK)
            return float.MinValue;
        var whole = new Bound(float.MinValue, finite, 0);
        return _search.Find(groups, whole, float.MinValue, _maximum, new Target(topK, ByCount: true)).Cutoff.Logit;
    }

    private Cutoff Cut(TokenRow tokens, float floor, double mass, SamplingParameters parameters, int topK)
    {
        var cutoff = Cutoff.None with { Logit = floor };
        var whole = new Bound(float.MinValue, tokens.Count, mass);
        if (topK > 0)
        {
            var (count, all) = passes.Measure(tokens, floor);
            whole = new Bound(floor, count, all);
            if (count > topK)
            {
                // Ties beyond the k-th token share its logit, so the count stays an upper bound.
                (cutoff, var kept) = _search.Find(tokens, whole, floor, _maximum, new Target(topK, ByCount: true));
                whole = kept with { Count = count };
            }
        }
        if (parameters.TopP < 1)
        {
            var target = new Target(parameters.TopP * whole.Mass, ByCount: false);
            cutoff = cutoff.And(_search.Find(tokens, whole, cutoff.Logit, _maximum, target).Cutoff);
        }
        return cutoff.And(new Cutoff(MinPFloor(parameters), int.MaxValue));
    }
}
