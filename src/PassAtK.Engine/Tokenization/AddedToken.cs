namespace PassAtK.Engine.Tokenization;

/// <summary>A token found in the text as it stands, before pre-tokenization. Source: `added_tokens` of `tokenizer.json`.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="SingleWord">Only where no word character touches it.</param>
/// <param name="StripLeft">Takes the white space in front of it.</param>
/// <param name="StripRight">Takes the white space behind it.</param>
/// <param name="Normalized">Looked for in normalized text, in its own normalized form.</param>
/// <param name="Special">Left out of decoded text.</param>
internal sealed record AddedToken(
    int Id, string Content, bool SingleWord, bool StripLeft, bool StripRight, bool Normalized, bool Special);
