using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Aspire.Hosting.Logs;

internal readonly record struct LogLine(int Number, DateTimeOffset At, string Source, string Text, bool IsError)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-ddTHH:mm:ss.fffZ} [{Source}] {Text}");
}

/// <summary>
/// What one resource wrote: the last lines in memory for those who follow, everything recent on disk. The file is
/// bounded: at its limit it becomes NAME.log.1, in place of the one before.
/// </summary>
internal sealed class ResourceLog : IDisposable
{
    /// <value>The source of lines that the host itself wrote.</value>
    public const string HostSource = "host";

    private const int RecentLines = 1_000;
    private const int FollowerCapacity = 2_000;
    private const int MaxLineLength = 16 * 1024;
    private const long MaxFileBytes = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _recent = new();
    private readonly List<Channel<LogLine>> _followers = [];
    private readonly string _file;
    private readonly TimeProvider _time;
    private StreamWriter? _writer;
    private int _number;

    public ResourceLog(string folder, string name, TimeProvider time)
    {
        _file = Path.Combine(folder, $"{name}.log");
        _time = time;
        _writer = Open();
    }

    /// <summary>Text of the host itself about the resource.</summary>
    public void WriteSystem(string text) => Write(HostSource, text, isError: false);

    public SourceLog For(string source) => new(this, source);

    public void Write(string source, string text, bool isError)
    {
        var kept = text.Length > MaxLineLength ? string.Concat(text.AsSpan(0, MaxLineLength), " ...") : text;
        lock (_lock)
        {
            if (_writer is null)
            {
                return;
            }

            var line = new LogLine(++_number, _time.GetUtcNow(), source, kept, isError);
            if (_recent.Count == RecentLines)
            {
                _recent.Dequeue();
            }

            _recent.Enqueue(line);
            _writer.WriteLine(TerminalColours.Remove(line.ToString()));
            if (_writer.BaseStream.Position > MaxFileBytes)
            {
                _writer.Dispose();
                File.Move(_file, $"{_file}.1", overwrite: true);
                _writer = Open();
            }

            // A follower that does not keep up loses the oldest lines, never holds up the resource.
            _followers.ForEach(follower => follower.Writer.TryWrite(line));
        }
    }

    /// <summary>The recent lines, then, if asked to follow, each further one as it comes.</summary>
    public async IAsyncEnumerable<LogLine> ReadAsync(
        bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = Channel.CreateBounded<LogLine>(
            new BoundedChannelOptions(FollowerCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        LogLine[] recent;
        lock (_lock)
        {
            recent = [.. _recent];
            _followers.Add(channel);
        }

        try
        {
            foreach (var line in recent)
            {
                yield return line;
            }

            if (!follow)
            {
                yield break;
            }

            await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return line;
            }
        }
        finally
        {
            lock (_lock)
            {
                _followers.Remove(channel);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _writer?.Dispose();
            _writer = null;
            _followers.ForEach(follower => follower.Writer.TryComplete());
        }
    }

    private StreamWriter Open() =>
        new(new FileStream(_file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) { AutoFlush = true };
}

/// <summary>The same log as one of a resource's replicas writes it.</summary>
internal sealed class SourceLog(ResourceLog log, string source)
{
    public void Write(string text, bool isError) => log.Write(source, text, isError);
}
