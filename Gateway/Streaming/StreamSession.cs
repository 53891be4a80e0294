using System.Buffers;
using Continuity.Contracts.Routing;

namespace Continuity.Gateway.Streaming;

/// <summary>
/// What a client has got of a stream, and how the next event fits on to it, whichever replica it is from.
/// </summary>
internal sealed class StreamSession(StreamSettings settings, bool isChat) : IDisposable
{
    // A word of a script without blanks may never end.
    private const int MaxHeldBytes = 4096;

    private static readonly byte[] DoneEvent = "data: [DONE]\n\n"u8.ToArray();
    private readonly StreamText _text = new(settings.MaxTextBytes);
    private readonly StreamText _reasoning = new(settings.MaxTextBytes);
    private ChunkTemplate? _clientTemplate;
    private ChunkTemplate? _sourceTemplate;
    private byte[]? _clientHead;
    private byte[]? _held;
    private StopGuard? _stops;
    private (int Text, int Reasoning, int Tokens) _beforeHeld;
    private long _carriedTokens;
    private bool _uncontinuable;

    public ReadOnlySpan<byte> Text => _text.Escaped;

    public ReadOnlySpan<byte> Reasoning => _reasoning.Escaped;

    /// <summary>Pieces of text so far: as many tokens as the engines send one by one.</summary>
    public int Tokens { get; private set; }

    public bool RoleSent { get; private set; }

    public bool IsContinued { get; private set; }

    /// <summary>Whether the answer said why it ended.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Whether the end mark went out: nothing may follow.</summary>
    public bool IsDone { get; private set; }

    public long UsedTokens { get; private set; }

    public bool CanContinue => !_uncontinuable && !_text.Overflowed && !_reasoning.Overflowed;

    /// <summary>Takes an event and writes what the client is to get for it.</summary>
    /// <returns>Nothing, or what is wrong with the event: then nothing was written for it.</returns>
    public string? Take(ReadOnlySpan<byte> serverEvent, IBufferWriter<byte> output)
    {
        if (!EventData.TryRead(serverEvent, out var data))
        {
            // A comment or another field: a sign of life that goes through.
            Write(output, serverEvent);
            return null;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            End(output);
            return null;
        }

        if (_sourceTemplate is not null && _sourceTemplate.TryMatch(data, out var text))
        {
            TakeText(serverEvent, text, output);
            return null;
        }

        return TakeParsed(serverEvent, data, output);
    }

    /// <summary>The next events are another replica's, who was asked to go on after the text so far.</summary>
    public void ContinueElsewhere(StopGuard? stops)
    {
        RollBackHeld();
        _sourceTemplate = null;
        _stops = stops;
        _carriedTokens = Tokens;
        IsContinued = true;
    }

    /// <summary>Drops what was held because it ended within a character or a word: it will come again.</summary>
    public void RollBackHeld()
    {
        if (_held is not null)
        {
            _held = null;
            _text.Truncate(_beforeHeld.Text);
            _reasoning.Truncate(_beforeHeld.Reasoning);
            Tokens = _beforeHeld.Tokens;
        }
    }

    /// <summary>Says why the answer ends, in the stream's own words, and ends it.</summary>
    public void Finish(string reason, IBufferWriter<byte> output)
    {
        if (_clientHead is not null)
        {
            Write(output, ChunkRewriter.FinishEvent(_clientHead, isChat, reason));
        }

        IsFinished = true;
        End(output);
    }

    public void End(IBufferWriter<byte> output)
    {
        if (!IsDone)
        {
            Write(output, DoneEvent);
            IsDone = true;
        }
    }

    public void Dispose()
    {
        _text.Dispose();
        _reasoning.Dispose();
    }

    private string? TakeParsed(ReadOnlySpan<byte> serverEvent, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        if (!ChunkFacts.TryRead(data, out var facts))
        {
            return "It sent an event that is no JSON object.";
        }

        if (facts.HasError)
        {
            return "It sent an error in the middle of the stream.";
        }

        _clientHead ??= data.ToArray();
        _uncontinuable |= facts.HasUncontinuable;
        if (facts.HasUsage)
        {
            UsedTokens = facts.PromptTokens + facts.CompletionTokens;
        }

        if (facts.IsTextOnly)
        {
            _sourceTemplate = new ChunkTemplate(data, facts.Text);
            _clientTemplate ??= IsContinued ? ClientTemplate(data) : _sourceTemplate;
            TakeText(serverEvent, data[facts.Text], output);
            return null;
        }

        Remember(facts, data);
        var isRepeatedRole = IsContinued && RoleSent
            && facts is { HasRole: true, HasText: false, HasReasoning: false, HasFinish: false };
        RoleSent |= facts.HasRole;
        IsFinished |= facts.HasFinish;
        if (!isRepeatedRole)
        {
            Write(output, IsContinued ? ChunkRewriter.Rewrite(data, _clientHead, _carriedTokens) : serverEvent);
        }

        return null;
    }

    // The stream was cut before its first text: the client knows the first replica's id and no other.
    private ChunkTemplate? ClientTemplate(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> rewritten = ChunkRewriter.Rewrite(data, _clientHead, 0);
        return EventData.TryRead(rewritten, out var own) && ChunkFacts.TryRead(own, out var facts) && facts.HasText
            ? new ChunkTemplate(own, facts.Text)
            : null;
    }

    private void Remember(in ChunkFacts facts, ReadOnlySpan<byte> data)
    {
        if (facts.HasText)
        {
            _text.Append(data[facts.Text]);
        }

        if (facts.HasReasoning)
        {
            _reasoning.Append(data[facts.Reasoning]);
        }

        Tokens += facts.HasText || facts.HasReasoning ? 1 : 0;
    }

    private void TakeText(ReadOnlySpan<byte> serverEvent, ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        if (_stops is not null && _stops.Completes(text))
        {
            Finish("stop", output);
            return;
        }

        var before = (_text.Length, _reasoning.Length, Tokens);
        _text.Append(text);
        Tokens++;
        if (settings.HoldWords && (StreamText.BeginsAnew(text) || _held?.Length > MaxHeldBytes))
        {
            Release(output);
        }

        if (settings.HoldWords || StreamText.EndsWithinCharacter(text))
        {
            Hold(serverEvent, text, before);
            return;
        }

        Release(output);
        if (IsContinued && _clientTemplate is not null)
        {
            WriteByTemplate(text, output);
        }
        else
        {
            output.Write(serverEvent);
        }
    }

    // What ends within a character, or a word, waits for the rest: after a cut the client would have it for good.
    private void Hold(ReadOnlySpan<byte> serverEvent, ReadOnlySpan<byte> text, (int, int, int) before)
    {
        var buffer = new ArrayBufferWriter<byte>(serverEvent.Length * 2);
        if (_held is null)
        {
            _beforeHeld = before;
        }
        else
        {
            buffer.Write(_held);
        }

        if (IsContinued && _clientTemplate is not null)
        {
            WriteByTemplate(text, buffer);
        }
        else
        {
            buffer.Write(serverEvent);
        }

        _held = buffer.WrittenSpan.ToArray();
    }

    private void WriteByTemplate(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        output.Write(_clientTemplate!.Head); // The callers have checked that there is one.
        output.Write(text);
        output.Write(_clientTemplate.Tail);
        output.Write("\n\n"u8);
    }

    private void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        Release(output);
        output.Write(bytes);
    }

    private void Release(IBufferWriter<byte> output)
    {
        if (_held is not null)
        {
            output.Write(_held);
            _held = null;
        }
    }
}
