using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Continuity.Testing.Tests;

public sealed class FreePortTests
{
    [Fact]
    public void Next_CalledOften_GivesEachPortOnceAndItCanBeBound()
    {
        var ports = Enumerable.Range(0, 200).Select(_ => FreePort.Next()).ToList();

        Assert.Distinct(ports);
        using var listener = new TcpListener(IPAddress.Loopback, ports[0]);
        listener.Start();
        Assert.True(listener.Server.IsBound);
    }

    /// <summary>Other test processes run at the same time and choose from the same ports.</summary>
    [Fact]
    public void Next_ItsPort_IsLockedAgainstOtherProcesses()
    {
        var port = FreePort.Next();

        // "n: POSIX ADVISORY WRITE process file first last", where locks of bytes in a row are one.
        Assert.Contains(
            File.ReadAllLines("/proc/locks").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            words => words[1] == "POSIX"
                && words[^4] == $"{Environment.ProcessId}"
                && int.Parse(words[^2], CultureInfo.InvariantCulture) <= port
                && int.Parse(words[^1], CultureInfo.InvariantCulture) >= port);
    }
}
