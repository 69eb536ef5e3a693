using PassAtK.Engine.Tests.Backends;

namespace PassAtK.Engine.Tests.Cuda;

public class CudaBackendReferenceTests() : ReferenceSuite(new CudaUnderTest());
