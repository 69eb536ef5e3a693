using System.Runtime.CompilerServices;

namespace PassAtK.Tests;

/// <summary>Checks that a struct is laid out as its native counterpart: a kernel's parameters, or a library's struct.</summary>
internal static class NativeLayout
{
    /// <summary>Gives the address of one field, e.g. `(ref p) => ref Unsafe.As&lt;int, byte&gt;(ref p.Count)`.</summary>
    public delegate ref byte FieldOf<T>(ref T value);

    /// <summary>Asserts the size and each field's offset, in bytes.</summary>
    public static void Assert<T>(int size, params ReadOnlySpan<(FieldOf<T> Field, int Offset)> fields) where T : unmanaged
    {
        Xunit.Assert.Equal(size, Unsafe.SizeOf<T>());
        T value = default;
        for (var i = 0; i < fields.Length; i++)
        {
            var offset = Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref value), ref fields[i].Field(ref value));
            Xunit.Assert.True(fields[i].Offset == (int)offset, $"{typeof(T).Name}: field {i} lies at {offset}, expected {fields[i].Offset}");
        }
    }

    /// <summary>A field's address as <see cref="FieldOf{T}"/> returns it.</summary>
    public static ref byte At<TField>(ref TField field) => ref Unsafe.As<TField, byte>(ref field);
}
