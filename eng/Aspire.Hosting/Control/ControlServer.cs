using System.Net.Sockets;
using System.Text.Json;

namespace Aspire.Hosting.Control;

/// <summary>Answers clients on a socket that only the owner of the state folder can open.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private const int MaxClients = 64;
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    private readonly string _path;
    private readonly ControlCommands _commands;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _places = new(MaxClients, MaxClients);
    private readonly List<Task> _serving = [];
    private readonly Task _accepting;

    public ControlServer(StateFolder state, ControlCommands commands)
    {
        _path = state.ControlSocket;
        _commands = commands;
        // The caller holds the folder's lock: a socket that is there belongs to nobody.
        File.Delete(_path);
        _socket.Bind(new UnixDomainSocketEndPoint(_path));
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _socket.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Takes no more clients: whoever asks from now on hears that no stack is running.</summary>
    public async Task CloseAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _socket.Dispose();
        File.Delete(_path);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        // Who asked for the stop is answered before the process ends; who doesn't read can't hold it up.
        await Task.WhenAll(_serving).WaitAsync(LastAnswers, TimeProvider.System)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _places.WaitAsync(_stopping.Token);
                var client = await _socket.AcceptAsync(_stopping.Token);
                _serving.RemoveAll(served => served.IsCompleted);
                _serving.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            // The stack stops.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var stream = new NetworkStream(client, ownsSocket: true);
            using var reader = new StreamReader(stream, leaveOpen: true);
            await using var writer = new StreamWriter(stream, leaveOpen: true) { AutoFlush = true };
            if (await reader.ReadLineAsync(_stopping.Token) is { } line)
            {
                await AnswerAsync(line, writer);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The client left, or the stack stops: there is nobody to tell.
        }
        finally
        {
            _places.Release();
        }
    }

    private async Task AnswerAsync(string line, StreamWriter writer)
    {
        ControlReply last;
        try
        {
            var request = JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequest)
                ?? throw new DistributedApplicationException("An empty request.");
            await _commands.RunAsync(request, text => SendAsync(writer, new ControlReply(Text: text)), _stopping.Token);
            last = new ControlReply(Exit: 0);
        }
        catch (Exception exception) when (exception is DistributedApplicationException or JsonException)
        {
            last = new ControlReply(Error: exception.Message);
        }

        await SendAsync(writer, last);
    }

    private static Task SendAsync(StreamWriter writer, ControlReply reply) =>
        writer.WriteLineAsync(JsonSerializer.Serialize(reply, ControlJson.Default.ControlReply));
}
