namespace PassAtK.Engine.Tokenization.Normalization;

/// <summary>Rewrites text before it is cut into words. Source: the `normalizer` of `tokenizer.json`.</summary>
internal interface INormalizer
{
    /// <param name="text">Any text without lone surrogates.</param>
    /// <param name="atStart">
    /// Whether the text begins where the text given to the tokenizer does. Becomes false where the first characters go away with nothing
    /// in their place.
    /// </param>
    string Normalize(string text, ref bool atStart);
}
