using PassAtK.Engine.Execution;
using PassAtK.Engine.Sampling;
using PassAtK.Engine.Tests.Sampling;

namespace PassAtK.Cuda.Tests.Kernels;

/// <summary>
/// Compares draws with a full sort in double precision. Decisions closer than 1e-6 to another one may differ, since weights are single
/// precision; they are counted.
/// </summary>
internal sealed class SampleNucleusAgreement
{
    private const double Tolerance = 1e-6;

    private int _rows, _closeRows, _draws, _differentDraws;

    public void Compare(float[] logits, SamplingParameters parameters, ReadOnlySpan<int> samples, TokenDraw[] draws, string name)
    {
        var reference = new ReferenceSampler(logits, parameters);
        _rows++;
        if (reference.FilterMargin < Tolerance)
        {
            _closeRows++;
            foreach (var draw in draws)
                Assert.True(float.IsFinite(logits[draw.Token]), name);
            return;
        }
        for (var i = 0; i < samples.Length; i++)
        {
            var (token, margin) = reference.Draw(SampleNucleusBatch.Uniform(samples[i]));
            var draw = draws[i];
            var what = $"{name} [{logits.Length}] {parameters}, sample {samples[i]}: drew {draw}, expected {token}";
            _draws++;
            if (draw.Token != token)
            {
                Assert.True(margin < Tolerance, what);
                Assert.InRange(draw.Token, 0, logits.Length - 1);
                _differentDraws++;
                token = draw.Token;
            }
            Assert.True(reference.Probabilities[token] > 0, what);
            AssertLogprob(reference.Logprob(token), draw.Logprob, what);
            AssertLogprob(Math.Log(reference.Probabilities[token]), draw.FilteredLogprob, what);
        }
    }

    public void AssertExceptionsAreRare()
    {
        TestContext.Current.SendDiagnosticMessage($"{_closeRows} of {_rows} rows too close to tell, {_differentDraws} of {_draws} draws differ");
        Assert.InRange(_closeRows, 0, _rows / 10);
        Assert.InRange(_differentDraws, 0, Math.Max(1, _draws / 1000));
    }

    private static void AssertLogprob(double expected, float actual, string what) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-6 + (Math.Abs(expected) * 1e-7), $"{what}: {actual} instead of {expected}");
}
