namespace PassAtK.Engine.Checkpoints;

/// <summary>What a `config.json` of a known architecture may ask for and this engine does not compute: refused by name.</summary>
internal static class UnsupportedFeatures
{
    /// <exception cref="InputException">A feature would be in force.</exception>
    public static void Refuse(JsonFields fields, ModelConfig config)
    {
        if (fields.Has("hidden_act") && fields.Text("hidden_act") != "silu")
            throw fields.Unexpected("hidden_act", "\"silu\"");
        if (fields.Has("quantization_config"))
            throw fields.Unexpected("quantization_config", "no such field (weights in F32, F16 or BF16)");
        if (fields.Has("layer_types") && fields.Texts("layer_types").Any(type => type != "full_attention"))
            throw fields.Unexpected("layer_types", "only \"full_attention\"");
        RefuseSlidingWindow(fields, config);
    }

    private static void RefuseSlidingWindow(JsonFields fields, ModelConfig config)
    {
        const string Window = "sliding_window";
        switch (config.Architecture)
        {
            // An explicit null switches the window off, but leaving the field out means 4096 in transformers' MistralConfig.
            case "MistralForCausalLM" when fields.Has(Window) || !fields.Mentions(Window):
                if (fields.Integer(Window, 1, int.MaxValue, fallback: 4096) < config.MaxPositions)
                    throw fields.Unexpected(Window, $"null, or at least the {config.MaxPositions} positions of the model (full attention)");
                break;
            // The window that Qwen configs state counts only where this flag is set.
            case "Qwen2ForCausalLM" or "Qwen3ForCausalLM" when fields.Flag("use_sliding_window", fallback: false):
                if (fields.Integer(Window, 1, int.MaxValue, fallback: 4096) < config.MaxPositions)
                    throw fields.Unexpected("use_sliding_window", "false (full attention)");
                break;
        }
    }
}
