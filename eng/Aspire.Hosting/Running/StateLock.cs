using System.Globalization;
using System.Text;

namespace Aspire.Hosting.Running;

/// <summary>
/// The right to run a stack with a state folder; the system takes it back when the process ends, however it ends. The
/// file holds the host's process id.
/// </summary>
internal static class StateLock
{
    public static FileStream Take(StateFolder state)
    {
        try
        {
            var stream = new FileStream(state.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            stream.SetLength(0);
            stream.Write(Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            stream.Flush();
            return stream;
        }
        catch (IOException exception)
        {
            throw new DistributedApplicationException(
                $"A stack is already running with the state folder {state.Path}: stop it with './run stop', "
                + "or give this one its own with --State:Path=FOLDER and --Ports:... settings.",
                exception);
        }
    }
}
