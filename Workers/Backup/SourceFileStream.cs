using System.Security.Cryptography;
using Continuity.Workers.Files;
using Microsoft.Win32.SafeHandles;

namespace Continuity.Workers.Backup;

/// <summary>
/// A large file on its way into a tar stream, which was told its length: it gives exactly so many bytes, hashes them,
/// and tells in the end whether they were one version of the file.
/// </summary>
internal sealed class SourceFileStream : Stream
{
    private readonly string _path;
    private readonly Action<int> _onRead;
    private readonly TimeProvider _time;
    private readonly SafeFileHandle _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;
    private bool _isShort;
    private FileOperationException? _failure;

    public SourceFileStream(string path, Action<int> onRead, TimeProvider time)
    {
        _onRead = onRead;
        _path = path;
        _time = time;
        _file = FileOperationException.Reading(path, () => Posix.OpenToRead(path));
        Facts = FileOperationException.Reading(path, () => Posix.Inspect(_file, path));
    }

    public FileFacts Facts { get; }

    public override bool CanRead => true;

    // The length must be known, and that is all the seeking there is: the tar writer asks for it before it reads.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => Facts.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>What was read.</summary>
    /// <exception cref="FileChangedException">It was more than one version.</exception>
    /// <exception cref="FileOperationException">It could not be read to its end.</exception>
    public FileVersion Finish()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        var now = FileOperationException.Reading(_path, () => Posix.Inspect(_path));
        return !_isShort && _position == Length && now is { } facts && facts.IsSameVersionAs(Facts)
            ? StableReader.VersionOf(Facts, _hash, _time)
            : throw new FileChangedException(_path);
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, Length - _position);
        if (wanted == 0)
        {
            return 0;
        }

        var read = _isShort ? 0 : ReadFile(buffer[..wanted]);
        if (read == 0)
        {
            // The file was cut, or cannot be read on. The tar stream needs its bytes all the same: zeros, until the
            // entry is written again or the archive given up.
            _isShort = true;
            buffer[..wanted].Clear();
            read = wanted;
        }

        _hash.AppendData(buffer[..read]);
        _position += read;
        _onRead(read);
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadFile(Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(_file, buffer, _position);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _failure = new FileOperationException(_path, writing: false, exception);
            return 0;
        }
    }
}
