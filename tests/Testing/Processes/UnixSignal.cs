namespace Continuity.Testing.Processes;

/// <summary>The signals that tests send; the values are Linux's numbers on every architecture we run on.</summary>
public enum UnixSignal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static class UnixSignalNames
{
    extension(UnixSignal signal)
    {
        /// <value>The signal's name as setpriv and kill(1) know it.</value>
        public string Name => signal switch
        {
            UnixSignal.Interrupt => "INT",
            UnixSignal.Quit => "QUIT",
            UnixSignal.Kill => "KILL",
            UnixSignal.Terminate => "TERM",
            UnixSignal.Continue => "CONT",
            UnixSignal.Stop => "STOP",
            _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, null),
        };
    }
}
