using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Continuity.Cli.Tests.Vault;

public sealed partial class RepositoryAccessTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly CliProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task AnyVerb_WrongKey_ExitsWith12()
    {
        await _program.InitializeAsync();
        File.WriteAllBytes(_program["key"], new byte[32]);

        var result = await _program.VaultAsync("key", "list");

        Assert.Equal(12, result.ExitCode);
        Assert.Contains(_program.Repository, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyVerb_NoRepository_ExitsWith10()
    {
        File.WriteAllBytes(_program["key"], new byte[32]);

        Assert.Equal(10, (await _program.VaultAsync("key", "list")).ExitCode);
    }

    [Fact]
    public async Task AnyVerb_JsonAndFailure_PrintsTheFailureAsJson()
    {
        File.WriteAllBytes(_program["key"], new byte[32]);

        var result = await _program.VaultAsync("key", "list", "--json");

        var failure = JsonSerializer.Deserialize<JsonElement>(result.Errors);
        Assert.Equal("", result.Output);
        Assert.Equal(10, failure.GetProperty("exitCode").GetInt32());
        Assert.NotEmpty(failure.GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData("CONTINUITY_REPOSITORY", "vault", "key", "list")]
    [InlineData("is not a kind of store", "vault", "key", "list", "--repo", "ftp://host/path")]
    [InlineData("--password-file", "vault", "key", "list", "--repo", "/nonexistent/repository")]
    [InlineData("can't be read", "vault", "key", "list", "--repo", "/x", "--password-file", "/nonexistent/password")]
    [InlineData("AWS_ACCESS_KEY_ID", "vault", "key", "list", "--repo", "s3:https://host/bucket")]
    public async Task AnyVerb_MissingSetting_SaysWhatToDo(string expected, params string[] arguments)
    {
        var result = await CliProgram.RunAsync(Nothing, arguments);

        Assert.Contains(result.ExitCode, (int[])[2, 13]);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vault", "nosuchverb")]
    [InlineData("vault", "backup")]
    [InlineData("vault", "restore", "latest")]
    [InlineData("vault", "init", "--password", "secret")]
    public async Task CommandLine_Wrong_ExitsWith2(params string[] arguments)
    {
        Assert.Equal(2, (await CliProgram.RunAsync(Nothing, arguments)).ExitCode);
    }

    [Fact]
    public async Task Secrets_FromFileEnvironmentAndCommand_OpenTheRepository()
    {
        _program.Write("password", "correct horse\nsecond line is not part of it\n");
        string[] repository = ["--repo", _program.Repository];
        var made = await CliProgram.RunAsync(
            Nothing, ["vault", "init", "--json", "--password-file", _program["password"], .. repository]);
        Assert.Equal(0, made.ExitCode);

        Dictionary<string, string>[] environments =
        [
            new() { ["CONTINUITY_PASSWORD"] = "correct horse" },
            new() { ["CONTINUITY_PASSWORD_FILE"] = _program["password"] },
            new() { ["CONTINUITY_PASSWORD_COMMAND"] = $"cat '{_program["password"]}'" },
        ];
        var results = await Task.WhenAll(
            environments.Select(
                environment => CliProgram.RunAsync(environment, ["vault", "key", "list", .. repository])));

        Assert.All(results, result => Assert.Equal(0, result.ExitCode));
    }

    [Fact]
    public async Task Init_ExistingRepository_FailsAndLeavesItAsItIs()
    {
        await _program.InitializeAsync();

        Assert.Equal(1, (await _program.VaultAsync("init")).ExitCode);
        Assert.Equal(0, (await _program.VaultAsync("key", "list")).ExitCode);
    }

    [Fact]
    public async Task Key_AddedAndRemoved_OpensInBetweenAndTheLastStays()
    {
        await _program.InitializeAsync();
        File.WriteAllBytes(_program["other"], [.. Enumerable.Repeat((byte)7, 32)]);
        var first = (await _program.VaultAsync("key", "list", "--json")).Json[0].GetProperty("id").GetString()!;

        var added = await _program.VaultAsync(
            "key", "add", "--new-key-file", _program["other"], "--label", "site west", "--json");
        File.Copy(_program["other"], _program["key"], overwrite: true);
        var listed = await _program.VaultAsync("key", "list", "--json");
        var removed = await _program.VaultAsync("key", "remove", first);
        var again = await _program.VaultAsync("key", "remove", first);
        var last = await _program.VaultAsync("key", "remove", added.Json.GetProperty("id").GetString()!);

        Assert.Equal("site west", added.Json.GetProperty("label").GetString());
        Assert.Equal(2, listed.Json.GetArrayLength());
        Assert.Equal(0, removed.ExitCode);
        Assert.Equal((2, 2), (again.ExitCode, last.ExitCode));
        Assert.Contains($"There is no key '{first}'", again.Errors, StringComparison.Ordinal);
        Assert.Contains("is the last full one", last.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyChange_NewPassphrase_ReplacesTheOldKey()
    {
        await _program.InitializeAsync();
        _program.Write("password", "a new passphrase\n");
        string[] repository = ["--repo", _program.Repository];

        var changed = await _program.VaultAsync(
            "key", "change", "--new-password-command", $"cat '{_program["password"]}'", "--json");
        var old = await _program.VaultAsync("key", "list");
        var opened = await CliProgram.RunAsync(
            Nothing, ["vault", "key", "list", "--json", "--password-file", _program["password"], .. repository]);
        var unsaid = await CliProgram.RunAsync(
            Nothing, ["vault", "key", "passwd", "--password-file", _program["password"], .. repository]);

        Assert.Equal((0, 12, 0, 2), (changed.ExitCode, old.ExitCode, opened.ExitCode, unsaid.ExitCode));
        var key = Assert.Single(opened.Json.EnumerateArray());
        Assert.Equal(changed.Json.GetProperty("id").GetString(), key.GetProperty("id").GetString());
        Assert.Equal("first key", key.GetProperty("label").GetString());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("1", false)]
    public async Task Output_InATerminal_HasColoursUnlessNoColor(string? noColor, bool expected)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "continuity.dll");
        var start = new ProcessStartInfo(
            "script", ["-qec", $"dotnet '{program}' vault list --repo /nonexistent --key-file /dev/null", "/dev/null"])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        if (noColor is not null)
        {
            start.Environment["NO_COLOR"] = noColor;
        }

        using var terminal = Process.Start(start)!; // A program of every Linux.

        var output = await terminal.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Contains("error: ", output, StringComparison.Ordinal);
        Assert.Equal(expected, Colour().IsMatch(output));
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*3[0-9;]*m")]
    private static partial Regex Colour();

    [Fact]
    public async Task Completion_PartOfAVerb_IsSuggested()
    {
        var suggested = await CliProgram.RunAsync(Nothing, "[suggest:18]", "continuity vault r");
        var script = await CliProgram.RunAsync(Nothing, "completion", "bash");

        Assert.Contains("restore", suggested.Output, StringComparison.Ordinal);
        Assert.Contains("complete -o default -F _continuity continuity", script.Output, StringComparison.Ordinal);
    }
}
