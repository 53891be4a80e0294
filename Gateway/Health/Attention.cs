using System.Net;
using System.Net.Sockets;
using Continuity.Gateway.Upstream;

namespace Continuity.Gateway.Health;

/// <summary>
/// Until when this process has certainly seen what arrived: a replica that is silent later than that may have spoken.
/// </summary>
/// <remarks>
/// A thread that looks at deadlines gets its turn also while the threads that read sockets are a second behind, on a
/// machine with too few cores. So bytes are sent through sockets of the process's own, one for each of those threads:
/// what had arrived anywhere before one was sent has been handled when it comes out.
/// </remarks>
internal sealed class Attention(Clock clock) : IDisposable
{
    private const int MostEchoes = 32;

    // What holds a socket thread up for so long is no lack of processor time; deadlines must end all the same.
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(200);
    private volatile Echo[] _echoes = [];

    /// <summary>Sends a byte on each of its ways, if the one before has come out.</summary>
    public void Send()
    {
        // Sockets are dealt out to the reading threads in turn: twice as many as there are threads meet each of them.
        if (_echoes.Length == 0)
        {
            _echoes =
            [
                .. Enumerable.Range(0, Math.Min(MostEchoes, 2 * SocketLoops.Count)).Select(_ => new Echo(clock, null)),
                .. ReplicaLoop.All.Select(loop => new Echo(clock, loop)),
            ];
        }

        foreach (var echo in _echoes)
        {
            echo.Send();
        }
    }

    /// <summary>The time up to which everything that had arrived has been handled.</summary>
    public long HeardUntil(long now)
    {
        var heard = now;
        foreach (var echo in _echoes)
        {
            heard = Math.Min(heard, echo.HeardUntil);
        }

        return Math.Max(heard, now - clock.Ticks(Most));
    }

    /// <summary>Whether the process is so far behind that what looks late to it may have been in time.</summary>
    public bool IsBehind(long now) => now - HeardUntil(now) > clock.Ticks(Usual);

    public void Dispose()
    {
        foreach (var echo in _echoes)
        {
            echo.Dispose();
        }
    }

    private sealed class Echo : IDisposable
    {
        private readonly Clock _clock;
        private readonly Socket _from;
        private readonly UpstreamConnection _to;
        private readonly byte[] _received = new byte[16];
        private long _sentAt;
        private long _heardUntil;
        private volatile bool _isUnderWay;

        public Echo(Clock clock, ReplicaLoop? loop)
        {
            _clock = clock;
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(1);
            _from = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _from.Connect(listener.LocalEndPoint!); // It is bound.
            var to = listener.Accept();
            to.Blocking = loop is null;
            _to = new UpstreamConnection(to, loop?.Add(to), clock.Now);
            _heardUntil = clock.Now;
            _ = HearAsync();
        }

        public long HeardUntil => Volatile.Read(ref _heardUntil);

        public void Send()
        {
            if (!_isUnderWay)
            {
                Volatile.Write(ref _sentAt, _clock.Now);
                _isUnderWay = true;
                _from.Send([0]);
            }
        }

        public void Dispose()
        {
            _from.Dispose();
            _to.Dispose();
        }

        private async Task HearAsync()
        {
            try
            {
                while (await _to.ReceiveAsync(_received) > 0)
                {
                    Volatile.Write(ref _heardUntil, Volatile.Read(ref _sentAt));
                    _isUnderWay = false;
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The gateway stops.
            }
        }
    }
}
