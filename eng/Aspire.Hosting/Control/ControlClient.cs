using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting.Logs;

namespace Aspire.Hosting.Control;

/// <summary>Speaks to the stack that runs with a state folder.</summary>
internal sealed class ControlClient(StateFolder state)
{
    public async Task<int> SendAsync(CommandLine command, CancellationToken cancellationToken)
    {
        Check(command);
        using var socket = await TryConnectAsync(cancellationToken);
        if (socket is null)
        {
            return WithoutHost(command);
        }

        var request = new ControlRequest(command.Verb, command.Operands, command.Json, command.Follow);
        await using var stream = new NetworkStream(socket);
        await using var writer = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true };
        await writer.WriteLineAsync(
            JsonSerializer.Serialize(request, ControlJson.Default.ControlRequest).AsMemory(), cancellationToken);
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            var reply = JsonSerializer.Deserialize(line, ControlJson.Default.ControlReply);
            if (reply?.Error is { } error)
            {
                throw new DistributedApplicationException(error);
            }

            if (reply?.Exit is { } exit)
            {
                return exit;
            }

            var text = Console.IsOutputRedirected ? TerminalColours.Remove(reply?.Text) : reply?.Text;
            await Console.Out.WriteLineAsync(text);
        }

        throw new DistributedApplicationException("The stack ended before it answered.");
    }

    public async Task<Socket?> TryConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(state.ControlSocket), cancellationToken);
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static void Check(CommandLine command)
    {
        var (least, most, form) = command.Verb switch
        {
            "ps" => (0, 0, "ps [--json]"),
            "logs" => (1, 1, "logs NAME [-f]"),
            "stop" => (0, 1, "stop [NAME]"),
            "scale" => (2, 2, "scale NAME N"),
            _ => (1, 1, $"{command.Verb} NAME"),
        };
        var isWrongNumber = command.Verb == "scale" && command.Operands.Count == 2
            && !int.TryParse(command.Operands[1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
        if (command.Operands.Count < least || command.Operands.Count > most || isWrongNumber)
        {
            throw new DistributedApplicationException($"The command is: {form}");
        }
    }

    private int WithoutHost(CommandLine command)
    {
        if (command.Verb == "logs" && File.Exists(Path.Combine(state.Logs, $"{command.Operands[0]}.log")))
        {
            foreach (var line in File.ReadLines(Path.Combine(state.Logs, $"{command.Operands[0]}.log")))
            {
                Console.Out.WriteLine(line);
            }

            return 0;
        }

        throw new DistributedApplicationException($"No stack is running with the state folder {state.Path}.");
    }
}
