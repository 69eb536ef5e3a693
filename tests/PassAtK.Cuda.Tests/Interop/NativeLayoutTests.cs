using PassAtK.Tests;

namespace PassAtK.Cuda.Tests.Interop;

public class NativeLayoutTests
{
    [Fact]
    public void The_parameters_of_the_test_kernels_lie_as_their_source_says() =>
        NativeLayout.Assert<ScaleParams>(
            24,
            ((ref ScaleParams p) => ref NativeLayout.At(ref p.Input), 0),
            ((ref ScaleParams p) => ref NativeLayout.At(ref p.Output), 8),
            ((ref ScaleParams p) => ref NativeLayout.At(ref p.Count), 16),
            ((ref ScaleParams p) => ref NativeLayout.At(ref p.Addend), 20));

    [Fact]
    public void A_device_pointer_is_eight_bytes() => NativeLayout.Assert<DevicePointer>(8);
}
