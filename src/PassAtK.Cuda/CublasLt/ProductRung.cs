namespace PassAtK.Cuda;

/// <summary>
/// How a product of <see cref="Rows"/> rows is made: <see cref="PieceRows"/> at a time, which are all of them unless no algorithm for so many
/// gives the bits of the class. The last piece may overlap the one before: what it computes again has the same bits.
/// </summary>
internal readonly record struct ProductRung<TAlgorithm>(int Rows, int PieceRows, TAlgorithm Algorithm);
