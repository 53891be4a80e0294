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
