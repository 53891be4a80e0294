using Continuity.Vault.Checkpoints;

namespace Continuity.Vault.Tests.Checkpoints;

public sealed class CheckpointGateTests : IDisposable
{
    private static readonly CheckpointPolicy Quick = new() { Settle = TimeSpan.FromMilliseconds(20) };

    private readonly CheckpointFolder _folder = new();
    private readonly CheckpointGate _gate = new(TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Wait_RestingFolder_IsComplete()
    {
        _folder.Write("model.safetensors", CheckpointFolder.Safetensors("a", 10));

        Assert.IsType<CheckpointState.Complete>(await _gate.WaitAsync(_folder.Path, Quick, Cancellation));
    }

    [Fact]
    public async Task Wait_IncompleteWithoutWaiting_SaysSoAtOnce()
    {
        _folder.Write("model.safetensors", CheckpointFolder.Safetensors("a", 10)[..50]);

        var incomplete = Assert.IsType<CheckpointState.Incomplete>(
            await _gate.WaitAsync(_folder.Path, Quick, Cancellation));

        Assert.Equal("model.safetensors", Assert.Single(incomplete.Problems).File);
    }

    [Fact]
    public async Task Wait_CompletedMeanwhile_IsComplete()
    {
        _folder.Write("model.safetensors", CheckpointFolder.Safetensors("a", 10)[..50]);

        var waiting = _gate.WaitAsync(_folder.Path, Quick with { Wait = TimeSpan.FromMinutes(1) }, Cancellation);
        _folder.Write("model.safetensors", CheckpointFolder.Safetensors("a", 10));

        Assert.IsType<CheckpointState.Complete>(await waiting);
    }

    [Theory]
    [InlineData("weights.bin.incomplete")]
    [InlineData("sub/.metadata.tmp")]
    public async Task Wait_UnfinishedFileOfAProgram_IsNamed(string name)
    {
        _folder.Write(name, "half");

        var incomplete = Assert.IsType<CheckpointState.Incomplete>(
            await _gate.WaitAsync(_folder.Path, Quick, Cancellation));

        Assert.Equal(name, Assert.Single(incomplete.Problems).File);
    }

    [Fact]
    public void ChangesSince_GrownNewAndVanishedFiles_AreNamed()
    {
        _folder.Write("grows.bin", "1");
        _folder.Write("goes.bin", "1");
        _folder.Write("rests.bin", "1");
        var before = FolderLook.Take(_folder.Path, Cancellation);
        _folder.Write("grows.bin", "12");
        _folder.Write("comes.bin", "1");
        _folder.Delete("goes.bin");

        var problems = FolderLook.Take(_folder.Path, Cancellation).ChangesSince(before);

        Assert.Equal(["comes.bin", "goes.bin", "grows.bin"], problems.Select(problem => problem.File).Order());
    }

    [Fact]
    public async Task Wait_LinksToFilesAndFolders_CountTheFilesAndEnd()
    {
        using var elsewhere = new CheckpointFolder();
        elsewhere.Write("blob", CheckpointFolder.Safetensors("a", 10)[..50]);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "model.safetensors"), Path.Combine(elsewhere.Path, "blob"));
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "loop"), _folder.Path);
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "dangling.safetensors"), "nowhere");

        var incomplete = Assert.IsType<CheckpointState.Incomplete>(
            await _gate.WaitAsync(_folder.Path, Quick, Cancellation));

        Assert.Equal("model.safetensors", Assert.Single(incomplete.Problems).File);
    }

    [Fact]
    public async Task Wait_MissingFolder_SaysSo()
    {
        await Assert.ThrowsAsync<DirectoryNotFoundException>(
            () => _gate.WaitAsync(Path.Combine(_folder.Path, "none"), Quick, Cancellation));
    }
}
