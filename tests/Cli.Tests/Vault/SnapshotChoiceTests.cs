namespace Continuity.Cli.Tests.Vault;

/// <summary>Choosing sources and snapshots by the options that the users of other tools know.</summary>
public sealed class SnapshotChoiceTests : IDisposable
{
    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Latest_OfAHostOrPathOrTags_IsTheNewestOfThese()
    {
        await _program.InitializeAsync();
        _program.Write("one/a", "of one");
        _program.Write("two/a", "of two");
        await _program.VaultAsync("backup", _program["one"], "--host", "alpha", "--tag", "x", "--tag", "y");
        await _program.VaultAsync("backup", _program["two"], "--host", "beta", "--tag", "x");

        var host = await RestoreAsync("--host", "alpha");
        var path = await RestoreAsync("--path", _program["one"]);
        var tags = await RestoreAsync("--tag", "x,y");
        var none = await _program.VaultAsync("restore", "latest", "--host", "gamma", "--target", _program["none"]);
        var listed = await _program.VaultAsync("snapshots", "--host", "beta", "--json");

        Assert.Equal(("of one", "of one", "of one"), (host, path, tags));
        Assert.Equal(2, none.ExitCode);
        Assert.False(Directory.Exists(_program["none"]));
        Assert.Equal("beta", Assert.Single(listed.Json.EnumerateArray()).GetProperty("host").GetString());
    }

    [Fact]
    public async Task Backup_ByLists_TakesAndLeavesOutWhatTheyName()
    {
        await _program.InitializeAsync();
        _program.Write("source/keep.txt", "1");
        _program.Write("source/drop.log", "1");
        _program.Write("source/cache/big", "1");
        _program.Write("paths", _program["source"] + "\n");
        _program.Write("patterns", $"# what comes again by itself\n\n*.log\n{_program["source/cache"]}\n");

        var backup = await _program.VaultAsync(
            "backup", "--files-from", _program["paths"], "--exclude-file", _program["patterns"], "--json");
        var nothing = await _program.VaultAsync("backup");
        var missing = await _program.VaultAsync("backup", _program["source"], "--exclude-file", _program["nowhere"]);

        Assert.Equal((0, 1), (backup.ExitCode, backup.Json.GetProperty("files").GetInt32()));
        Assert.Equal((2, 2), (nothing.ExitCode, missing.ExitCode));
    }

    [Fact]
    public async Task Forget_OfATag_LeavesOthersAloneAndPrunesAfterwards()
    {
        await _program.InitializeAsync();
        _program.Write("source/a", "1");
        foreach (var tag in (string[])["daily", "daily", "release"])
        {
            await _program.VaultAsync("backup", _program["source"], "--tag", tag);
        }

        var dry = await _program.VaultAsync("forget", "-l", "1", "--group-by", "tags", "--dry-run", "--json");
        var forgotten = await _program.VaultAsync("forget", "--tag", "daily", "--keep-last", "1", "--prune");
        var left = await _program.VaultAsync("list", "--json");

        Assert.Equal(1, dry.Json.GetProperty("forgotten").GetArrayLength());
        Assert.Equal(0, forgotten.ExitCode);
        Assert.Contains("Marked", forgotten.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["daily", "release"], left.Json.EnumerateArray().Select(one => one.GetProperty("tags")[0].GetString()));
    }

    [Theory]
    [InlineData("continuity vault --help", "vault", "unlock")]
    [InlineData("nothing is ever locked", "vault", "unlock")]
    [InlineData("continuity vault snapshots", "snapshots")]
    [InlineData("no command or option 'frob'", "vault", "frob")]
    [InlineData("needs a command: init, backup", "vault")]
    [InlineData("no option '--iexclude'", "vault", "backup", "folder", "--iexclude", "x")]
    [InlineData("no option '--keep-decades'", "vault", "forget", "--keep-decades", "1")]
    [InlineData("'--target' is required", "vault", "restore", "latest")]
    public async Task CommandLineThatIsWrong_IsAnsweredInAFewLines(string expected, params string[] arguments)
    {
        var answer = await CliProgram.RunAsync(new Dictionary<string, string>(), arguments);

        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.InRange(answer.Errors.Split('\n').Length, 2, 4);
        Assert.Contains(expected, answer.Errors, StringComparison.Ordinal);
    }

    private async Task<string> RestoreAsync(params string[] choice)
    {
        var target = _program[$"target{Guid.NewGuid():N}"];
        await _program.VaultAsync(["restore", "latest", "--target", target, .. choice]);
        return await File.ReadAllTextAsync(Path.Combine(target, "a"), TestContext.Current.CancellationToken);
    }
}
