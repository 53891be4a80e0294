using System.Globalization;
using System.Runtime.InteropServices;

namespace Continuity.DevelopmentBroker;

/// <summary>A mock cluster of one broker that other processes reach on a port known beforehand.</summary>
internal sealed class MockCluster : IDisposable
{
    private const int BrokerId = 1;
    private const int ReplicationFactor = 1;

    // Time for the first members of a group to gather; the library's 3 s are a long wait at every start of a stack.
    private const int InitialRebalanceDelayMilliseconds = 300;

    private readonly nint _cluster;

    private MockCluster(nint cluster) => _cluster = cluster;

    /// <summary>Serves once it returns.</summary>
    public static MockCluster Start(BrokerOptions options)
    {
        // Bound before anything is built: a port in use is the most likely mistake and costs nothing to find.
        using var listener = ListeningSocket.Bind(options.Port);
        Librdkafka.Load();
        var cluster = Librdkafka.MockClusterNew(NewClient(), brokers: 1);
        if (cluster == 0)
        {
            throw new BrokerException("librdkafka refused to create its mock cluster.");
        }

        Librdkafka.MockSetInitialRebalanceDelay(cluster, InitialRebalanceDelayMilliseconds);
        Librdkafka.MockSetControllerId(cluster, BrokerId);
        // Before anybody can reach it: a client that waited for a restarted broker would have the topic made by asking
        // for it, with a number of partitions that nobody declared.
        foreach (var topic in options.Topics)
        {
            CreateTopic(cluster, topic);
        }

        MoveToPort(cluster, listener, options.Port);
        return new MockCluster(cluster);
    }

    public void Dispose() => Librdkafka.MockClusterDestroy(_cluster);

    // The mock cluster belongs to a client instance, which has no other part in this and ends with the process.
    private static unsafe nint NewClient()
    {
        var error = stackalloc byte[Librdkafka.ErrorBufferSize];
        var client = Librdkafka.New(Librdkafka.Producer, configuration: 0, error, Librdkafka.ErrorBufferSize);
        return client != 0
            ? client
            : throw new BrokerException($"librdkafka did not start: {Marshal.PtrToStringUTF8((nint)error)}.");
    }

    // The library offers only a port of the system's choice: its listener is replaced by ours, the address that clients
    // are told is set, and the last call, of no effect of its own, wakes the poll loop so that it sees the new
    // listener.
    private static void MoveToPort(nint cluster, ListeningSocket listener, int port)
    {
        var bootstraps = Marshal.PtrToStringUTF8(Librdkafka.MockClusterBootstraps(cluster)) ?? "";
        var portOfSystem = bootstraps.AsSpan(bootstraps.LastIndexOf(':') + 1);
        listener.TakePlaceOfListenerOn(int.Parse(portOfSystem, CultureInfo.InvariantCulture));
        Librdkafka.MockBrokerSetHostPort(cluster, BrokerId, "127.0.0.1", port);
        _ = Librdkafka.MockBrokerSetRoundTrip(cluster, BrokerId, milliseconds: 0);
    }

    private static void CreateTopic(nint cluster, TopicOption topic)
    {
        var error = Librdkafka.MockTopicCreate(cluster, topic.Name, topic.Partitions, ReplicationFactor);
        if (error != 0)
        {
            throw new BrokerException($"Topic '{topic.Name}' could not be created: librdkafka's error {error}.");
        }
    }
}
