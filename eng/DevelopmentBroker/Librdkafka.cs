using System.Reflection;
using System.Runtime.InteropServices;

namespace Continuity.DevelopmentBroker;

/// <summary>
/// The part of librdkafka's C interface (<c>rdkafka.h</c>, <c>rdkafka_mock.h</c>) that hosts a mock cluster.
/// </summary>
internal static partial class Librdkafka
{
    public const int ErrorBufferSize = 512;
    public const int Producer = 0;

    private const string Library = "librdkafka";

    // The plain build wants libsasl2.so.3, which Debian 12 does not have; the centos8 build needs no SASL library.
    private static readonly string[] _builds = [Library, "centos8-librdkafka"];

    public static string Version => Marshal.PtrToStringUTF8(VersionString()) ?? "unknown";

    /// <summary>To be called once, before anything else here.</summary>
    public static void Load() =>
        NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Resolve);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new")]
    public static unsafe partial nint New(int type, nint configuration, byte* error, nuint errorSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint MockClusterNew(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void MockClusterDestroy(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint MockClusterBootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_set_controller_id")]
    public static partial void MockSetControllerId(nint cluster, int brokerId);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_group_initial_rebalance_delay_ms")]
    public static partial void MockSetInitialRebalanceDelay(nint cluster, int milliseconds);

    [LibraryImport(
        Library, EntryPoint = "rd_kafka_mock_broker_set_host_port", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void MockBrokerSetHostPort(nint cluster, int brokerId, string host, int port);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial int MockBrokerSetRoundTrip(nint cluster, int brokerId, int milliseconds);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MockTopicCreate(nint cluster, string topic, int partitions, int replicationFactor);

    [LibraryImport(Library, EntryPoint = "rd_kafka_version_str")]
    private static partial nint VersionString();

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (name != Library)
        {
            return 0;
        }

        foreach (var build in _builds)
        {
            if (NativeLibrary.TryLoad(build, assembly, searchPath, out var handle))
            {
                return handle;
            }
        }

        throw new BrokerException(
            $"None of {string.Join(", ", _builds)} could be loaded;"
            + " restore the package librdkafka.redist and build again.");
    }
}
