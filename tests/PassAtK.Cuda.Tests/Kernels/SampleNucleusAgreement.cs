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

    private int _rows, _differentRows, _draws, _differentDraws;

    public void Compare(float[] logits, SamplingParameters parameters, ReadOnlySpan<int> samples, TokenDraw[] draws, string name)
    {
        var reference = new ReferenceSampler(logits, parameters);
        _rows++;
        _draws += samples.Length;
        var differentDraws = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var draw = draws[i];
            Assert.True(draw.Token >= 0 && float.IsFinite(logits[draw.Token]), $"{name} [{logits.Length}] {parameters}: {draw}");
            var (token, margin) = reference.Draw(SampleNucleusBatch.Uniform(samples[i]));
            var agrees = (draw.Token == token || margin < Tolerance)
                && IsClose(reference.Logprob(draw.Token), draw.Logprob)
                && IsClose(Math.Log(reference.Probabilities[draw.Token]), draw.FilteredLogprob);
            if (!agrees)
            {
                Assert.True(
                    reference.FilterMargin < Tolerance,
                    $"{name} [{logits.Length}] {parameters}, sample {samples[i]}: {draw}, expected {token}, "
                    + $"{reference.Logprob(token)}, {Math.Log(reference.Probabilities[token])}");
                _differentRows++;
                return;
            }
            differentDraws += draw.Token == token ? 0 : 1;
        }
        _differentDraws += differentDraws;
    }

    public void AssertExceptionsAreRare()
    {
        TestContext.Current.SendDiagnosticMessage(
            $"{_differentRows} of {_rows} rows and {_differentDraws} of {_draws} draws differ within the tolerance");
        Assert.InRange(_differentRows, 0, _rows / 50);
        Assert.InRange(_differentDraws, 0, Math.Max(1, _draws / 5000));
    }

    /// <summary>Within 1e-6 plus the rounding of a float of this size.</summary>
    private static bool IsClose(double expected, float actual) => Math.Abs(expected - actual) <= 1e-6 + (Math.Abs(expected) * 1e-7);
}
