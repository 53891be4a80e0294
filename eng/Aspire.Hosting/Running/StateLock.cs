namespace Aspire.Hosting.Running;

/// <summary>The right to run a stack with a state folder; the system takes it back when the process ends, however.</summary>
internal static class StateLock
{
    public static FileStream Take(StateFolder state)
    {
        try
        {
            return new FileStream(state.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
