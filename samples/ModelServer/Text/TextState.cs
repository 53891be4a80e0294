namespace Continuity.ModelServer.Text;

/// <summary>
/// All that the model has read and said so far, as a number. It is built character by character, so it does not matter
/// how the text was cut into messages' tails, prompts or tokens: the same text gives the same state, on every replica.
/// </summary>
internal struct TextState
{
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong _hash;

    /// <summary>The state before any text: it differs by model, seed and choice.</summary>
    public static TextState Start(string model, long seed, int choice)
    {
        var state = new TextState { _hash = OffsetBasis };
        state.Append(model);
        state.Mix((ulong)seed);
        state.Mix((ulong)choice);
        return state;
    }

    /// <summary>Reads on (FNV-1a over UTF-16 units).</summary>
    public void Append(ReadOnlySpan<char> text)
    {
        var hash = _hash;
        foreach (var unit in text)
        {
            hash = (hash ^ unit) * Prime;
        }

        _hash = hash;
    }

    public void Mix(ulong number) => _hash = (_hash ^ number) * Prime;

    /// <summary>A number that looks random and depends on the whole text.</summary>
    public readonly ulong Draw()
    {
        // The finaliser of SplitMix64: FNV alone leaves the high bits of similar texts alike.
        var z = _hash;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
