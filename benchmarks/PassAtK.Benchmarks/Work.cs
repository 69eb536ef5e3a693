namespace PassAtK.Benchmarks;

/// <summary>What one operation of a benchmark does at least; 0 where it is not counted.</summary>
/// <param name="Items">Tokens, draws, gradings, samples: the class says which.</param>
/// <param name="Bytes">Read and written once each.</param>
/// <param name="Flops">Two for each multiply-add.</param>
internal readonly record struct Work(double Items = 0, double Bytes = 0, double Flops = 0);

/// <summary>A class of benchmarks that says what an operation does, from its parameters alone.</summary>
internal interface IHasWork
{
    Work Work { get; }
}
