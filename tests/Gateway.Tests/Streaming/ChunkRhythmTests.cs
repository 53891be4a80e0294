using Continuity.Gateway.Streaming;
using Microsoft.Extensions.Time.Testing;

namespace Continuity.Gateway.Tests.Streaming;

public sealed class ChunkRhythmTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);
    private readonly FakeTimeProvider _time = new();
    private readonly Clock _clock;
    private readonly ChunkRhythm _rhythm;

    public ChunkRhythmTests()
    {
        _clock = new Clock(_time);
        _rhythm = new ChunkRhythm(_clock);
    }

    [Fact]
    public void Phi_GrowsWithTheSilence_MeasuredInGaps()
    {
        _rhythm.StreamStarted(_clock.Now);
        Arrive(100);
        _time.Advance(Beat);
        var usual = _rhythm.Phi(_clock.Now);
        _time.Advance(20 * Beat);
        var odd = _rhythm.Phi(_clock.Now);

        Assert.Equal(0, usual);
        Assert.Equal(20 * Math.Log10(Math.E), odd, 3); // -log10 of exp(-20).
    }

    [Fact]
    public void Phi_OfTooFewChunks_IsUnknown()
    {
        _rhythm.StreamStarted(_clock.Now);
        Arrive(20);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(0, _rhythm.Phi(_clock.Now));
    }

    [Fact]
    public void Silence_BetweenStreams_IsNone()
    {
        _rhythm.StreamStarted(_clock.Now);
        Arrive(100);
        _rhythm.StreamEnded();
        _time.Advance(TimeSpan.FromMinutes(1));
        var idle = _rhythm.Phi(_clock.Now);
        _rhythm.StreamStarted(_clock.Now);

        Assert.Equal((0, 0), (idle, _rhythm.Phi(_clock.Now)));
        Assert.Equal(TimeSpan.Zero, _rhythm.Silence(_clock.Now));
    }

    private void Arrive(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(Beat);
            _rhythm.Arrived(_clock.Now);
        }
    }
}
