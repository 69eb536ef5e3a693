namespace PassAtK.Engine.Checkpoints;

/// <summary>
/// Reads the rotary embedding of a `config.json`: `rope_theta` with `rope_scaling` (keys `type` or `rope_type`), or the one
/// `rope_parameters` object that transformers 5 writes. Where both are there they must say the same.
/// </summary>
internal static class RopeParametersReader
{
    private const double DefaultTheta = 10_000;
    private const double MaxTheta = 1e12;
    private const double MaxFactor = 1e4;
    private const string Factor = "factor";
    private const string OriginalLength = "original_max_position_embeddings";

    private static readonly string[] CommonKeys = ["type", "rope_type", "rope_theta", "partial_rotary_factor"];
    private static readonly string[] Llama3Keys = [Factor, "low_freq_factor", "high_freq_factor", OriginalLength];

    // `finetuned` is a remark of the first YaRN checkpoints that changes nothing.
    private static readonly string[] YarnKeys =
        [Factor, OriginalLength, "attention_factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim", "truncate", "finetuned"];

    /// <param name="config">The root of `config.json`.</param>
    /// <param name="maxPositions">`max_position_embeddings`: the original length where YaRN states none.</param>
    /// <exception cref="InputException">A field is out of range, contradicts another, or asks for what is not implemented.</exception>
    public static RopeParameters Read(JsonFields config, int maxPositions)
    {
        RefusePartialRotation(config);
        var scaling = config.Object("rope_scaling") is { } old ? ReadObject(config, old, maxPositions) : null;
        var parameters = config.Object("rope_parameters") is { } current ? ReadObject(config, current, maxPositions) : null;
        if (scaling is not null && parameters is not null && scaling != parameters)
            throw config.Unexpected("rope_scaling", "the same as field 'rope_parameters' says, or only one of the two");
        return scaling ?? parameters ?? new RopeParameters { Theta = Theta(config) };
    }

    private static RopeParameters ReadObject(JsonFields config, JsonFields rope, int maxPositions)
    {
        RefusePartialRotation(rope);
        var type = ReadType(rope);
        var plain = new RopeParameters { Theta = ReadTheta(config, rope) };
        switch (type)
        {
            case "default":
                RefuseOtherKeys(rope, type, []);
                return plain;
            case "linear":
                RefuseOtherKeys(rope, type, [Factor]);
                return plain with { Scaling = RopeScaling.Linear, Factor = rope.Number(Factor, 1, MaxFactor) };
            case "llama3":
                RefuseOtherKeys(rope, type, Llama3Keys);
                return ReadLlama3(config, rope, plain, maxPositions);
            case "yarn":
                RefuseOtherKeys(rope, type, YarnKeys);
                return ReadYarn(config, rope, plain, maxPositions);
            default:
                throw rope.Unexpected(rope.Has("rope_type") ? "rope_type" : "type", "\"default\", \"linear\", \"llama3\" or \"yarn\"");
        }
    }

    private static string ReadType(JsonFields rope)
    {
        if (!rope.Has("rope_type"))
            return rope.Has("type") ? rope.Text("type") : "default";
        var type = rope.Text("rope_type");
        return !rope.Has("type") || rope.Text("type") == type
            ? type
            : throw rope.Unexpected("type", $"the same as field 'rope_type', \"{type}\"");
    }

    private static double Theta(JsonFields fields) => fields.Number("rope_theta", 1, MaxTheta, DefaultTheta);

    private static double ReadTheta(JsonFields config, JsonFields rope)
    {
        if (!rope.Has("rope_theta"))
            return Theta(config);
        var theta = Theta(rope);
        return !config.Has("rope_theta") || Theta(config) == theta
            ? theta
            : throw config.Unexpected("rope_theta", $"the same as inside of the rope object, {theta}");
    }

    private static RopeParameters ReadLlama3(JsonFields config, JsonFields rope, RopeParameters plain, int maxPositions)
    {
        var low = rope.Number("low_freq_factor", 1e-3, 1e3);
        var high = rope.Number("high_freq_factor", 1e-3, 1e3);
        return high > low
            ? plain with
            {
                Scaling = RopeScaling.Llama3,
                Factor = rope.Number(Factor, 1, MaxFactor),
                LowFrequencyFactor = low,
                HighFrequencyFactor = high,
                OriginalMaxPositions = ReadOriginalLength(config, rope, maxPositions),
            }
            : throw rope.Unexpected("high_freq_factor", $"more than low_freq_factor, which is {low}");
    }

    private static RopeParameters ReadYarn(JsonFields config, JsonFields rope, RopeParameters plain, int maxPositions)
    {
        if (!rope.Flag("truncate", fallback: true))
            throw rope.Unexpected("truncate", "true");
        var original = ReadOriginalLength(config, rope, maxPositions);
        var factor = rope.Has(Factor) || maxPositions <= original ? rope.Number(Factor, 1, MaxFactor) : (double)maxPositions / original;
        var betaFast = rope.Number("beta_fast", 1e-3, 1e6, plain.BetaFast);
        var betaSlow = rope.Number("beta_slow", 1e-3, 1e6, plain.BetaSlow);
        return betaFast > betaSlow
            ? plain with
            {
                Scaling = RopeScaling.Yarn,
                Factor = factor,
                OriginalMaxPositions = original,
                BetaFast = betaFast,
                BetaSlow = betaSlow,
                AttentionFactor = ReadAttentionFactor(rope, factor),
            }
            : throw rope.Unexpected("beta_fast", $"more than beta_slow, which is {betaSlow}");
    }

    /// <summary>
    /// `attention_factor`, or the quotient that DeepSeek's pair of `mscale` fields stands for; null where neither is given.
    /// </summary>
    private static double? ReadAttentionFactor(JsonFields rope, double factor)
    {
        if (rope.Has("attention_factor"))
            return rope.Number("attention_factor", 1e-3, 1e3);
        var (mscale, mscaleAllDimensions) = (rope.Number("mscale", 0, 100, 0), rope.Number("mscale_all_dim", 0, 100, 0));
        // transformers uses the pair only where both are non-zero, and otherwise neither.
        return mscale > 0 && mscaleAllDimensions > 0 ? Magnitude(mscale) / Magnitude(mscaleAllDimensions) : null;

        double Magnitude(double scale) => (0.1 * scale * Math.Log(factor)) + 1;
    }

    // Outside of the rope object (as Phi-3 writes it) the field has priority, as it has for transformers.
    private static int ReadOriginalLength(JsonFields config, JsonFields rope, int maxPositions) =>
        (config.Has(OriginalLength) ? config : rope).Integer(OriginalLength, 1, 1 << 28, fallback: maxPositions);

    private static void RefuseOtherKeys(JsonFields rope, string type, string[] known)
    {
        if (rope.PresentNames.FirstOrDefault(name => !known.Contains(name) && !CommonKeys.Contains(name)) is { } other)
            throw rope.Unexpected(other, $"no such field for the rope type \"{type}\"");
    }

    private static void RefusePartialRotation(JsonFields fields)
    {
        if (fields.Has("partial_rotary_factor") && fields.Number("partial_rotary_factor", 0, 1) != 1)
            throw fields.Unexpected("partial_rotary_factor", "1 (rotation of the whole head)");
    }
}
