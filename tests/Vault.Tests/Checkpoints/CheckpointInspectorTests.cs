using Continuity.Vault.Checkpoints;

namespace Continuity.Vault.Tests.Checkpoints;

public sealed class CheckpointInspectorTests : IDisposable
{
    private const string Index =
        """{"metadata": {"total_size": 300}, "weight_map": {"a0": "ONE", "a1": "ONE", "b0": "TWO"}}""";

    private readonly CheckpointFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Inspect_PlainFolder_IsComplete()
    {
        _folder.Write("data/notes.txt", "anything");
        _folder.Write("data/my.index", "not TensorFlow's");

        Assert.Empty(Assert.IsType<CheckpointState.Complete>(_folder.Inspect(Cancellation)).Kinds);
    }

    [Fact]
    public void Inspect_WholeCheckpointsOfAllKinds_IsComplete()
    {
        WriteShards();
        WriteDistributed(CheckpointSamples.Metadata4);
        WriteTensorFlow();

        var complete = Assert.IsType<CheckpointState.Complete>(_folder.Inspect(Cancellation));

        Assert.Equal(
            [CheckpointKind.Safetensors, CheckpointKind.PyTorchDistributed, CheckpointKind.TensorFlow], complete.Kinds);
    }

    [Fact]
    public void Inspect_MissingShard_NamesIt()
    {
        WriteShards();
        _folder.Delete("llm/model-00002-of-00002.safetensors");

        AssertProblem("llm/model-00002-of-00002.safetensors", "is missing; model.safetensors.index.json names it");
    }

    [Fact]
    public void Inspect_MissingIndexAndShard_IsNoticedByTheCount()
    {
        WriteShards();
        _folder.Delete("llm/model.safetensors.index.json");
        _folder.Delete("llm/model-00001-of-00002.safetensors");

        AssertProblem("llm/model-00001-of-00002.safetensors", "is missing; model-00002-of-00002.safetensors counts it");
    }

    [Fact]
    public void Inspect_ShorterShard_NamesBothLengths()
    {
        WriteShards();
        _folder.Truncate("llm/model-00002-of-00002.safetensors", 200);

        AssertProblem("llm/model-00002-of-00002.safetensors", "is 200 bytes long; its header says");
    }

    [Fact]
    public void Inspect_ShardOfAnotherCheckpoint_IsNoticed()
    {
        WriteShards();
        _folder.Write("llm/model-00002-of-00002.safetensors", CheckpointFolder.Safetensors("other", 100));

        AssertProblem("llm/model-00002-of-00002.safetensors", "does not hold the tensor 'b0'");
    }

    [Theory]
    [InlineData("../outside.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("")]
    public void Inspect_IndexThatLeavesItsFolder_IsRefused(string shard)
    {
        _folder.Write("llm/model.safetensors.index.json", $$$"""{"weight_map": {"a": "{{{shard}}}"}}""");

        AssertProblem("llm/model.safetensors.index.json", "is not a file in its folder");
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"weight_map": 3}""")]
    [InlineData("""{"weight_map": {"a": 3}}""")]
    public void Inspect_IndexThatIsNone_SaysSo(string index)
    {
        _folder.Write("model.safetensors.index.json", index);

        AssertProblem("model.safetensors.index.json", "is not an index of shards");
    }

    [Theory]
    [InlineData("""{"a": {"data_offsets": [0, 200]}}""", "is 141 bytes long; its header says 241")]
    [InlineData("""{"a": {"data_offsets": [50, 100]}}""", "leave a hole or overlap")]
    [InlineData("""{"a": {"data_offsets": [0, 60]}, "b": {"data_offsets": [40, 100]}}""", "leave a hole or overlap")]
    [InlineData("""{"a": {"data_offsets": [100, 0]}}""", "places the tensor 'a' at 100 to 0")]
    [InlineData("""{"a": {"data_offsets": [0, 9223372036854775807]}}""", "places the tensor 'a'")]
    [InlineData("""{"a": {"data_offsets": [0]}}""", "is not one of safetensors")]
    [InlineData("""{"a": {"dtype": "BF16"}}""", "is not one of safetensors")]
    [InlineData("""{"a": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}""", "is not one of safetensors")]
    [InlineData("no json", "is not one of safetensors")]
    public void Inspect_SafetensorsHeaderThatLies_IsRefused(string header, string reason)
    {
        _folder.Write("model.safetensors", CheckpointFolder.SafetensorsWith(header, 100));

        AssertProblem("model.safetensors", reason);
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 123 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 200, 0, 0, 0, 0, 0, 0, 0, 123, 125 })]
    public void Inspect_SafetensorsWithoutItsHeader_IsRefused(byte[] content)
    {
        _folder.Write("model.safetensors", content);

        AssertProblem("model.safetensors", "bytes");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Inspect_DistributedCheckpointWithShorterFile_NamesIt(int protocol)
    {
        WriteDistributed(protocol == 2 ? CheckpointSamples.Metadata2 : CheckpointSamples.Metadata4);
        Assert.IsType<CheckpointState.Complete>(_folder.Inspect(Cancellation));

        _folder.Truncate("step-10/__1_0.distcp", 70_799);

        AssertProblem("step-10/__1_0.distcp", "is 70799 bytes long; .metadata places data up to byte 70800");
    }

    [Fact]
    public void Inspect_DistributedCheckpointWithoutAFile_NamesIt()
    {
        WriteDistributed(CheckpointSamples.Metadata4);
        _folder.Delete("step-10/__0_0.distcp");

        AssertProblem("step-10/__0_0.distcp", "is missing; .metadata names it");
    }

    [Fact]
    public void Inspect_DistributedCheckpointWithoutMetadata_IsStillBeingWritten()
    {
        WriteDistributed(CheckpointSamples.Metadata4);
        _folder.Delete("step-10/.metadata");

        AssertProblem("step-10/.metadata", "ranks are still writing");
    }

    [Fact]
    public void Inspect_TensorFlowCheckpointWithoutAShard_NamesIt()
    {
        WriteTensorFlow();
        _folder.Delete("tf/ckpt-1.data-00001-of-00002");

        AssertProblem("tf/ckpt-1.data-00001-of-00002", "is missing; ckpt-1.index counts it");
    }

    [Fact]
    public void Inspect_TensorFlowCheckpointWithShorterShard_NamesIt()
    {
        WriteTensorFlow();
        _folder.Truncate("tf/ckpt-1.data-00001-of-00002", 499);

        AssertProblem("tf/ckpt-1.data-00001-of-00002", "is 499 bytes long; ckpt-1.index places data up to byte 500");
    }

    [Fact]
    public void Inspect_TensorFlowCheckpointWithoutIndex_NamesIt()
    {
        WriteTensorFlow();
        _folder.Delete("tf/ckpt-1.index");

        AssertProblem("tf/ckpt-1.index", "is missing beside ckpt-1.data-00000-of-00002");
    }

    [Fact]
    public void Inspect_TensorFlowIndexCutOff_SaysSo()
    {
        WriteTensorFlow();
        _folder.Truncate("tf/ckpt-1.index", 60);

        AssertProblem("tf/ckpt-1.index", "still being written, or cut off");
    }

    [Fact]
    public void Inspect_EverySingleBitFlipOfATensorFlowIndex_IsNoticedOrHarmless()
    {
        WriteTensorFlow();
        var index = CheckpointFolder.TensorFlowIndex(2, (0, 0, 100), (1, 100, 400));
        var noticed = 0;
        for (var bit = 0; bit < index.Length * 8; bit++)
        {
            var flipped = (byte[])index.Clone();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            _folder.Write("tf/ckpt-1.index", flipped);
            noticed += _folder.Inspect(Cancellation) is CheckpointState.Incomplete ? 1 : 0;
        }

        // The handle of the block with filters and the footer's padding are not read.
        Assert.InRange(noticed, (index.Length - 48) * 8 * 9 / 10, index.Length * 8);
    }

    [Fact]
    public void Read_TableOfLevelDb_HoldsAllEntries()
    {
        var entries = SortedTable.Read(CheckpointSamples.Table);

        Assert.Equal(40, entries.Count);
        Assert.Equal("value of 39"u8, entries[^1].Value);
        Assert.All(entries, entry => Assert.Equal("key000".Length + 8, entry.KeyLength));
    }

    [Fact]
    public void Read_DamagedPickle_NeverDoesMoreThanThrow()
    {
        var random = new Random(5);
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var pickle = (byte[])CheckpointSamples.Metadata4.Clone();
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                pickle[random.Next(pickle.Length)] = (byte)random.Next(256);
            }

            try
            {
                PickleReader.Read(pickle[..random.Next(1, pickle.Length + 1)]);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 20_000);
    }

    [Theory]
    [InlineData("N", 2 << 20)]
    [InlineData("}0", 9 << 20)]
    [InlineData("(", 2 << 20)]
    public void Read_PickleBomb_IsRefused(string opcodes, int repeats)
    {
        var pickle = new byte[opcodes.Length * repeats];
        for (var position = 0; position < pickle.Length; position++)
        {
            pickle[position] = (byte)opcodes[position % opcodes.Length];
        }

        Assert.Throws<InvalidDataException>(() => PickleReader.Read(pickle));
    }

    private void WriteShards()
    {
        _folder.Write("llm/model-00001-of-00002.safetensors", CheckpointFolder.Safetensors("a", 100, 100));
        _folder.Write("llm/model-00002-of-00002.safetensors", CheckpointFolder.Safetensors("b", 100));
        _folder.Write("llm/model.safetensors.index.json", Index
            .Replace("ONE", "model-00001-of-00002.safetensors", StringComparison.Ordinal)
            .Replace("TWO", "model-00002-of-00002.safetensors", StringComparison.Ordinal));
    }

    private void WriteDistributed(byte[] metadata)
    {
        _folder.Write("step-10/.metadata", metadata);
        _folder.Write("step-10/__0_0.distcp", new byte[1000]);
        _folder.Write("step-10/__1_0.distcp", new byte[70_800]);
    }

    private void WriteTensorFlow()
    {
        _folder.Write("tf/ckpt-1.index", CheckpointFolder.TensorFlowIndex(2, (0, 0, 100), (1, 100, 400)));
        _folder.Write("tf/ckpt-1.data-00000-of-00002", new byte[100]);
        _folder.Write("tf/ckpt-1.data-00001-of-00002", new byte[500]);
    }

    private void AssertProblem(string file, string reason)
    {
        var incomplete = Assert.IsType<CheckpointState.Incomplete>(_folder.Inspect(Cancellation));

        Assert.Contains(incomplete.Problems, problem =>
            problem.File == file && problem.Reason.Contains(reason, StringComparison.Ordinal));
    }
}
