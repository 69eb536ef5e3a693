using PassAtK.Cuda.Interop;

namespace PassAtK.Cuda;

/// <summary>Asks cuBLASLt for algorithms that make every element as one sum.</summary>
internal static unsafe class ProductAlgorithmSearch
{
    private const int Requested = 32;
    private const uint NoReduction = 0;

    /// <summary>Distinct candidates for a row count, in the order in which cuBLASLt proposes them; none where it has none.</summary>
    /// <exception cref="CudaException">The library failed otherwise.</exception>
    public static List<ProductAlgorithm> Candidates(CublasLt library, ProductDescription product, int rows)
    {
        var found = new List<ProductAlgorithm>();
        var results = stackalloc CublasLtHeuristicResult[Requested];
        CublasLt.Check(CublasLtApi.PreferenceCreate(out var preference), "cublasLtMatmulPreferenceCreate");
        try
        {
            Set(preference, CublasLtPreferenceAttribute.MaxWorkspaceBytes, (ulong)library.WorkspaceBytes);
            Set(preference, CublasLtPreferenceAttribute.ReductionSchemeMask, NoReduction);
            var (input, output) = product.Layouts(rows);
            var status = CublasLtApi.AlgorithmGetHeuristic(
                library.Handle, product.Operation, product.Weight, input, output, output, preference, Requested, results, out var returned);
            if (status == CublasLtApi.NotSupported)
                return found;
            library.CheckCall(status, $"cublasLtMatmulAlgoGetHeuristic at {rows} rows");
            for (var i = 0; i < returned; i++)
            {
                if (results[i].Status == 0 && ProductAlgorithm.TryRead(results[i].Algorithm) is { SumsInOnePart: true } algorithm
                    && !found.Contains(algorithm))
                {
                    found.Add(algorithm);
                }
            }
        }
        finally
        {
            _ = CublasLtApi.PreferenceDestroy(preference);
        }
        return found;
    }

    /// <summary>Whether the library accepts the algorithm at a row count, within the workspace.</summary>
    public static bool Serves(CublasLt library, ProductDescription product, ProductAlgorithm algorithm, int rows)
    {
        var (input, output) = product.Layouts(rows);
        var status = CublasLtApi.AlgorithmCheck(
            library.Handle, product.Operation, product.Weight, input, output, output, algorithm.Native, out var result);
        return status == 0 && result.Status == 0 && (long)result.WorkspaceBytes <= library.WorkspaceBytes;
    }

    private static void Set<T>(nint preference, CublasLtPreferenceAttribute attribute, T value) where T : unmanaged =>
        CublasLt.Check(
            CublasLtApi.PreferenceSetAttribute(preference, attribute, &value, (nuint)sizeof(T)),
            $"cublasLtMatmulPreferenceSetAttribute({attribute})");
}
