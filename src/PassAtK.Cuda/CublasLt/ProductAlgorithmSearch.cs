using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>Finds the algorithms that make a product at every row count of a ladder with one sum an element.</summary>
internal static unsafe class ProductAlgorithmSearch
{
    private const int Requested = 32;
    private const uint NoReduction = 0;

    /// <summary>Distinct candidates, in the order in which cuBLASLt proposes them over the row counts.</summary>
    public static List<ProductAlgorithm> Candidates(CublasLt library, ProductDescription product, ReadOnlySpan<int> rows)
    {
        var found = new Dictionary<string, ProductAlgorithm>();
        var results = stackalloc CublasLtHeuristicResult[Requested];
        CublasLt.Check(CublasLtApi.PreferenceCreate(out var preference), "cublasLtMatmulPreferenceCreate");
        try
        {
            Set(preference, CublasLtPreferenceAttribute.MaxWorkspaceBytes, (ulong)library.WorkspaceBytes);
            Set(preference, CublasLtPreferenceAttribute.ReductionSchemeMask, NoReduction);
            foreach (var count in rows)
            {
                var (input, output) = product.Layouts(count);
                var status = CublasLtApi.AlgorithmGetHeuristic(
                    library.Handle, product.Operation, product.Weight, input, output, output, preference, Requested, results, out var returned);
                for (var i = 0; status == 0 && i < returned; i++)
                {
                    if (results[i].Status != 0)
                        continue;
                    var algorithm = new ProductAlgorithm(results[i].Algorithm);
                    if (algorithm.SumsInOnePart && Serves(library, product, algorithm, rows))
                        found.TryAdd(algorithm.Description, algorithm);
                }
            }
        }
        finally
        {
            _ = CublasLtApi.PreferenceDestroy(preference);
        }
        return [.. found.Values];
    }

    /// <summary>Whether the library accepts the algorithm at every row count, within the workspace.</summary>
    public static bool Serves(CublasLt library, ProductDescription product, ProductAlgorithm algorithm, ReadOnlySpan<int> rows)
    {
        foreach (var count in rows)
        {
            var (input, output) = product.Layouts(count);
            var status = CublasLtApi.AlgorithmCheck(
                library.Handle, product.Operation, product.Weight, input, output, output, algorithm.Native, out var result);
            if (status != 0 || result.Status != 0 || (long)result.WorkspaceBytes > library.WorkspaceBytes)
                return false;
        }
        return true;
    }

    private static void Set<T>(nint preference, CublasLtPreferenceAttribute attribute, T value) where T : unmanaged =>
        CublasLt.Check(
            CublasLtApi.PreferenceSetAttribute(preference, attribute, &value, (nuint)sizeof(T)),
            $"cublasLtMatmulPreferenceSetAttribute({attribute})");
}
