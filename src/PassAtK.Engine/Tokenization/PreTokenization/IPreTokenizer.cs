namespace PassAtK.Engine.Tokenization.PreTokenization;

/// <summary>Cuts text into the pieces that merges stay inside of. Source: the `pre_tokenizer` of `tokenizer.json`.</summary>
internal interface IPreTokenizer
{
    CutText Cut(CutText text);
}
