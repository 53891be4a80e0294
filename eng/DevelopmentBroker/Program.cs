using System.Runtime.InteropServices;
using Continuity.DevelopmentBroker;

const int cannotStart = 1;
const int wrongArguments = 2;

if (args is ["--help" or "-h"])
{
    Console.WriteLine(BrokerOptions.Usage);
    return 0;
}

if (!BrokerOptions.TryParse(args, out var options, out var error))
{
    Console.Error.WriteLine($"{error} {BrokerOptions.Usage}");
    return wrongArguments;
}

try
{
    using var stop = new ManualResetEventSlim();
    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using var cluster = MockCluster.Start(options);
    Console.WriteLine(
        $"READY 127.0.0.1:{options.Port}, {options.Topics.Count} topics, librdkafka {Librdkafka.Version}; memory only");
    stop.Wait();
    return 0;

    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.Set();
    }
}
catch (BrokerException exception)
{
    Console.Error.WriteLine(exception.Message);
    return cannotStart;
}
