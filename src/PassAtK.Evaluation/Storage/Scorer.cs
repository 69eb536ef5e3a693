namespace PassAtK.Evaluation.Storage;

/// <summary>A model that scored samples. Another device gives other last bits, so it counts as another scorer.</summary>
/// <param name="Fingerprint">Hexadecimal SHA-256 over weights, config and tokenizer.</param>
/// <param name="Backend">Device kind: `cpu`, `cuda sm_90`.</param>
/// <param name="Model">The folder as it was first named; a label only.</param>
public sealed record Scorer(string Fingerprint, string Backend, string Model);
