namespace Continuity.DevelopmentBroker;

/// <summary>The broker cannot start; the message is a sentence for whoever started it.</summary>
internal sealed class BrokerException(string message) : Exception(message);
