using Continuity.Testing;
using Continuity.Testing.Processes;

namespace Continuity.Aspire.Hosting.Tests.Building;

/// <summary>
/// The script that compiles services ahead of time, with a compiler that notes what it is asked and marks its output.
/// </summary>
public sealed class CompileAheadTests : IDisposable
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public CompileAheadTests()
    {
        foreach (var (program, shared) in (ReadOnlySpan<(string, string)>)[("One", "old"), ("Two", "old")])
        {
            Write($"built/{program}/{program}.dll", program);
            Write($"built/{program}/Shared.dll", shared);
            Write($"built/{program}/appsettings.json", "{}");
        }

        // Not written here: while a child that another test just forked still holds the file open, it can't be run.
        File.CreateSymbolicLink(
            _folder.Combine("compiler"),
            Path.Combine(RepositoryLayout.Root, "tests/Aspire.Hosting.Tests/Building/compiler"));
    }

    [Fact]
    public async Task Programs_AreMadeWithAllTheyNeed_AndWhatTheyShareIsCompiledOnce()
    {
        await CompileAsync();

        Assert.Equal("compiled One", Read("ahead/One/One.dll"));
        Assert.Equal("compiled old", Read("ahead/One/Shared.dll"));
        Assert.Equal("compiled old", Read("ahead/Two/Shared.dll"));
        Assert.Equal("{}", Read("ahead/Two/appsettings.json"));
        Assert.Equal("One", Read("built/One/One.dll"));
        Assert.Equal(["One", "Two", "old"], Asked());
    }

    [Fact]
    public async Task Again_OnlyWhatChangedIsCompiled()
    {
        await CompileAsync();
        File.Delete(_folder.Combine("asked"));
        File.Delete(_folder.Combine("built/Two/Shared.dll"));
        Write("built/Two/Shared.dll", "new");

        await CompileAsync();

        Assert.Equal(["new"], Asked());
        Assert.Equal("compiled old", Read("ahead/One/Shared.dll"));
        Assert.Equal("compiled new", Read("ahead/Two/Shared.dll"));
    }

    [Fact]
    public async Task Assembly_ThatTheCompilerRefuses_IsTakenAsItIs()
    {
        Write("built/One/One.dll", "refuse");

        await CompileAsync();

        Assert.Equal("refuse", Read("ahead/One/One.dll"));
        Assert.Equal("compiled old", Read("ahead/One/Shared.dll"));
    }

    public void Dispose() => _folder.Dispose();

    private async Task CompileAsync()
    {
        await using var process = await ChildProcess.StartAsync(new ChildProcessStart(
            Path.Combine(RepositoryLayout.Root, "eng/compile-ahead"))
        {
            Arguments =
            [
                _folder.Combine("compiler"), _folder.Combine("ahead"),
                _folder.Combine("built/One/One.dll"), _folder.Combine("built/Two/Two.dll"),
            ],
        });
        Assert.Equal(0, await process.WaitForExitAsync(_limit));
    }

    private IEnumerable<string> Asked() =>
        File.ReadAllLines(_folder.Combine("asked")).Order(StringComparer.Ordinal);

    private string Read(string name) => File.ReadAllText(_folder.Combine(name)).TrimEnd();

    private void Write(string name, string text)
    {
        var file = _folder.Combine(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
