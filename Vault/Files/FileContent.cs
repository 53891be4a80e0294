using Microsoft.Win32.SafeHandles;

namespace Continuity.Vault.Files;

/// <summary>Reads and writes small files, one call of the system each: .NET's own asks every file first whether it can
/// seek, which among thousands of small files is time that shows.</summary>
internal static unsafe class FileContent
{
    private const int Interrupted = 4;

    /// <summary>Reads until the destination is full or the file ends.</summary>
    /// <returns>The bytes read.</returns>
    public static int Read(SafeFileHandle file, Span<byte> destination, ReadOnlySpan<byte> name)
    {
        var length = 0;
        fixed (byte* buffer = destination)
        {
            while (length < destination.Length)
            {
                var read = NativeMethods.ReadAt(
                    (int)file.DangerousGetHandle(), buffer + length, destination.Length - length, length);
                if (read > 0)
                {
                    length += (int)read;
                }
                else if (read == 0)
                {
                    break;
                }
                else
                {
                    ThrowUnlessInterrupted("read", name);
                }
            }
        }

        return length;
    }

    /// <summary>Writes all bytes at the start of a file.</summary>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, ReadOnlySpan<byte> name)
    {
        var length = 0;
        fixed (byte* buffer = content)
        {
            while (length < content.Length)
            {
                var written = NativeMethods.WriteAt(
                    (int)file.DangerousGetHandle(), buffer + length, content.Length - length, length);
                if (written >= 0)
                {
                    length += (int)written;
                }
                else
                {
                    ThrowUnlessInterrupted("write", name);
                }
            }
        }
    }

    private static void ThrowUnlessInterrupted(string action, ReadOnlySpan<byte> name)
    {
        if (System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw FileSystemException.Last(action, name);
        }
    }
}
