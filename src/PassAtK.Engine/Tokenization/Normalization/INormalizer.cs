namespace PassAtK.Engine.Tokenization.Normalization;

/// <summary>Rewrites text before it is cut into words. Source: the `normalizer` of `tokenizer.json`.</summary>
internal interface INormalizer
{
    string Normalize(string text);
}
