using System.Text.Json.Serialization;

namespace Continuity.Contracts.Routing;

/// <summary>How a gateway chooses among the replicas that may take a request.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<LoadBalancingPolicy>))]
public enum LoadBalancingPolicy
{
    /// <summary>Each in turn.</summary>
    RoundRobin,

    /// <summary>The one with the fewest requests in flight.</summary>
    LeastRequests,

    /// <summary>Each in turn, as often as its weight says.</summary>
    Weighted,

    /// <summary>Two at random, and of these the one with fewer requests in flight.</summary>
    PowerOfTwo,

    /// <summary>The lowest product of recent latency (peaks remembered) and requests in flight.</summary>
    PeakEwma,

    /// <summary>The one with the fewest tokens still to be read or written.</summary>
    LeastTokens,

    /// <summary>
    /// Requests with the same beginning go to the same replica while it isn't overloaded: its cache knows them.
    /// </summary>
    PrefixAffinity,
}

/// <summary>How a broken stream of a replica's can be taken up by another one.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ContinuationSupport>))]
public enum ContinuationSupport
{
    /// <summary>As the kind of the engine tells.</summary>
    Auto,

    /// <summary>Chats by <c>continue_final_message</c>, completions by a longer prompt.</summary>
    FinalMessage,

    /// <summary>Completions only, by a longer prompt.</summary>
    Completions,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>How much a request matters when not all can be served.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Criticality>))]
public enum Criticality
{
    /// <summary>Served when nobody else waits: batch work.</summary>
    Sheddable,

    /// <summary>The usual.</summary>
    Standard,

    /// <summary>Served before the others.</summary>
    Critical,
}

/// <summary>The kind of an inference server: what it can be asked, and how.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<EngineKind>))]
public enum EngineKind
{
    /// <summary>Any server with the OpenAI surface and nothing more known of it.</summary>
    OpenAi,

    /// <summary>vLLM.</summary>
    Vllm,

    /// <summary>SGLang.</summary>
    Sglang,

    /// <summary>Text Generation Inference.</summary>
    Tgi,

    /// <summary>llama.cpp's server.</summary>
    LlamaCpp,

    /// <summary>Ollama.</summary>
    Ollama,

    /// <summary>NVIDIA Triton (KServe v2).</summary>
    Triton,

    /// <summary>TensorFlow Serving.</summary>
    TensorFlowServing,

    /// <summary>TorchServe.</summary>
    TorchServe,
}

/// <summary>Where a replica stands in its life.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<ReplicaState>))]
public enum ReplicaState
{
    /// <summary>Reads its weights; takes no traffic.</summary>
    Loading,

    /// <summary>Answers, but is not up to speed yet.</summary>
    Warming,

    /// <summary>Takes traffic.</summary>
    Serving,

    /// <summary>Shows signs of failure that are not yet proof.</summary>
    Suspect,

    /// <summary>Has work and makes no progress.</summary>
    Hung,

    /// <summary>Finishes what it has; takes nothing new.</summary>
    Draining,

    /// <summary>Is not running.</summary>
    Stopped,
}

/// <summary>What the evidence says of a target.</summary>
[JsonConverter(typeof(KebabCaseEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>No evidence, or too little.</summary>
    Unknown,

    /// <summary>Answers as it should.</summary>
    Healthy,

    /// <summary>Failed lately, not often enough to act on.</summary>
    Suspect,

    /// <summary>Looks well to its own probe and fails its users.</summary>
    Gray,

    /// <summary>Does not serve: no new requests, and those in flight are sent elsewhere.</summary>
    Failed,
}
