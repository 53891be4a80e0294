using System.Runtime.InteropServices;
using Continuity.Vault.Formats;
using static Continuity.Vault.Files.NativeMethods;

namespace Continuity.Vault.Files;

/// <summary>An extended attribute: access control lists, capabilities and labels are such.</summary>
internal readonly record struct ExtendedAttribute(byte[] Name, byte[] Value);

/// <summary>Reads and writes the extended attributes of an entry, not of what a link points at.</summary>
internal static unsafe class ExtendedAttributes
{
    public static ExtendedAttribute[] Read(FolderHandle folder, ReadOnlySpan<byte> name)
    {
        // Most entries have none, and most of what the calls with whole paths cost is the way through /proc.
        if (folder.HasNoAttributes(name))
        {
            return [];
        }

        var path = ZeroEnded(folder.ProcessPath(name));
        fixed (byte* start = path)
        {
            var pathPointer = start;
            var length = ListAttributes(pathPointer, null, 0);
            if (length <= 0)
            {
                // A file system without attributes has none.
                return length == 0 || Marshal.GetLastPInvokeError() is NotSupported or NotPermitted
                    ? []
                    : throw FileSystemException.Last("list the attributes of", name);
            }

            var names = Grow(length, (buffer, capacity) => ListAttributes(pathPointer, buffer, capacity), name);
            var attributes = new List<ExtendedAttribute>();
            foreach (var range in names.AsSpan().Split((byte)0))
            {
                var attribute = names[range];
                if (attribute.Length > 0 && TryGet(pathPointer, attribute, name) is { } value)
                {
                    attributes.Add(new ExtendedAttribute(attribute, value));
                }
            }

            attributes.Sort(static (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
            return [.. attributes];
        }
    }

    /// <summary>Sets attributes, and removes those that aren't among them.</summary>
    public static void Write(
        FolderHandle folder, ReadOnlySpan<byte> name, IReadOnlyCollection<ExtendedAttribute> attributes)
    {
        var path = ZeroEnded(folder.ProcessPath(name));
        fixed (byte* pathPointer = path)
        {
            foreach (var present in Read(folder, name))
            {
                if (!attributes.Any(attribute => attribute.Name.AsSpan().SequenceEqual(present.Name)))
                {
                    fixed (byte* attributeName = ZeroEnded(present.Name))
                    {
                        Check(RemoveAttribute(pathPointer, attributeName), name);
                    }
                }
            }

            foreach (var attribute in attributes)
            {
                fixed (byte* attributeName = ZeroEnded(attribute.Name))
                fixed (byte* value = attribute.Value)
                {
                    Check(SetAttribute(pathPointer, attributeName, value, attribute.Value.Length, 0), name);
                }
            }
        }
    }

    private static void Check(int result, ReadOnlySpan<byte> name)
    {
        if (result != 0)
        {
            throw FileSystemException.Last("set the attributes of", name);
        }
    }

    private static byte[]? TryGet(byte* path, byte[] attribute, ReadOnlySpan<byte> name)
    {
        fixed (byte* attributeName = ZeroEnded(attribute))
        {
            var pointer = attributeName;
            var length = GetAttribute(path, pointer, null, 0);
            return length switch
            {
                > 0 => Grow(length, (buffer, capacity) => GetAttribute(path, pointer, buffer, capacity), name),
                0 => [],
                // Removed since it was listed, or not for our eyes.
                _ => null,
            };
        }
    }

    private delegate nint Fill(byte* buffer, nint capacity);

    // What is read may grow between asking for its length and reading it.
    private static byte[] Grow(nint length, Fill fill, ReadOnlySpan<byte> name)
    {
        while (length <= FormatLimits.AttributeBytes)
        {
            var buffer = new byte[length + 64];
            nint filled;
            fixed (byte* pointer = buffer)
            {
                filled = fill(pointer, buffer.Length);
            }

            if (filled >= 0)
            {
                return buffer[..(int)filled];
            }

            if (Marshal.GetLastPInvokeError() != RangeTooSmall)
            {
                break;
            }

            length *= 2;
        }

        throw FileSystemException.Last("read the attributes of", name);
    }

    private static byte[] ZeroEnded(ReadOnlySpan<byte> text) => [.. text, 0];
}
