using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Manifest;

/// <summary>Writes the deployment manifest that the real host writes for the same model.</summary>
internal sealed class ManifestWriter
{
    private readonly Utf8JsonWriter _json;
    private readonly ManifestValues _values = new();
    private readonly ManifestBindings _bindings = new();
    private readonly string _folder;

    private ManifestWriter(Utf8JsonWriter json, string folder) => (_json, _folder) = (json, folder);

    /// <summary>What <c>--publisher manifest --output-path FILE</c> asks for; returns the file's full path.</summary>
    public static async Task<string> WriteFileAsync(
        IReadOnlyList<IResource> resources, IConfiguration configuration, CancellationToken cancellationToken)
    {
        if (configuration["Publishing:Publisher"] is not "manifest"
            && configuration["Pipeline:Step"] is not "publish-manifest")
        {
            throw new DistributedApplicationException(
                "Without the Aspire packages only the manifest can be published: "
                + "--publisher manifest --output-path FILE.");
        }

        var given = configuration["Pipeline:OutputPath"] ?? throw new DistributedApplicationException(
            "The manifest needs a place: --publisher manifest --output-path FILE.");
        var path = Path.GetFullPath(given);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = File.Create(path);
        await using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        new ManifestWriter(json, Path.GetDirectoryName(path)!).WriteModel(resources);
        await json.FlushAsync(cancellationToken);
        return path;
    }

    private void WriteModel(IReadOnlyList<IResource> resources)
    {
        _json.WriteStartObject();
        _json.WriteStartObject("resources");
        foreach (var resource in resources)
        {
            WriteResource(resource);
        }

        // Parameters that nobody added by name, but that something needs: at the end, each with its encoded forms.
        foreach (var parameter in _values.Parameters.Except(resources.OfType<ParameterResource>()).ToList())
        {
            WriteResource(parameter);
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteResource(IResource resource)
    {
        _json.WriteStartObject(resource.Name);
        switch (resource)
        {
            case ContainerResource container:
                WriteContainer(container);
                break;
            case ProjectResource project:
                WriteProject(project);
                break;
            case ExecutableResource executable:
                WriteExecutable(executable);
                break;
            case ParameterResource parameter:
                WriteParameter(parameter);
                break;
            case IResourceWithConnectionString other:
                _json.WriteString("type", "value.v0");
                WriteConnectionString(other);
                break;
            default:
                _json.WriteString("error", "This resource does not support generation in the manifest.");
                break;
        }

        _json.WriteEndObject();
        foreach (var encoded in _values.EncodedFormsOf(resource))
        {
            _json.WriteStartObject(encoded.ResourceName);
            _json.WriteString("type", "annotated.string");
            _json.WriteString("value", encoded.Parameter.ValueExpression);
            _json.WriteString("filter", "uri");
            _json.WriteEndObject();
        }
    }

    private void WriteContainer(ContainerResource container)
    {
        _json.WriteString("type", "container.v0");
        if (container is IResourceWithConnectionString connectable)
        {
            WriteConnectionString(connectable);
        }

        _json.WriteString("image", container.Annotations.OfType<ContainerImageAnnotation>().Single().FullName);
        WriteArguments(container);
        WriteMounts(container);
        WriteEnvironment(container);
        _bindings.Write(_json, container);
    }

    private void WriteProject(ProjectResource project)
    {
        _json.WriteString("type", "project.v0");
        _json.WriteString("path", Relative(project.Annotations.OfType<ProjectAnnotation>().Single().Path));
        WriteArguments(project);
        WriteEnvironment(project);
        _bindings.Write(_json, project);
    }

    private void WriteExecutable(ExecutableResource executable)
    {
        _json.WriteString("type", "executable.v0");
        _json.WriteString("workingDirectory", Relative(executable.WorkingDirectory));
        _json.WriteString("command", executable.Command);
        WriteArguments(executable);
        WriteEnvironment(executable);
        _bindings.Write(_json, executable);
    }

    private void WriteParameter(ParameterResource parameter)
    {
        _json.WriteString("type", "parameter.v0");
        _json.WriteString("value", $"{{{parameter.Name}.inputs.value}}");
        _json.WriteStartObject("inputs");
        _json.WriteStartObject("value");
        _json.WriteString("type", "string");
        if (parameter.Secret)
        {
            _json.WriteBoolean("secret", true);
        }

        if (parameter.Default is { } fallback)
        {
            _json.WriteStartObject("default");
            WriteDefault(fallback);
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteEndObject();
    }

    private void WriteDefault(ParameterDefault fallback)
    {
        if (fallback is ConstantParameterDefault constant)
        {
            _json.WriteString("value", constant.Value);
            return;
        }

        var generate = (GenerateParameterDefault)fallback;
        _json.WriteStartObject("generate");
        _json.WriteNumber("minLength", generate.MinLength);
        foreach (var (name, isAllowed) in (ReadOnlySpan<(string, bool)>)
            [
                ("lower", generate.Lower),
                ("upper", generate.Upper),
                ("numeric", generate.Numeric),
                ("special", generate.Special),
            ])
        {
            if (!isAllowed)
            {
                _json.WriteBoolean(name, false);
            }
        }

        _json.WriteEndObject();
    }

    private void WriteConnectionString(IResourceWithConnectionString resource) =>
        _json.WriteString("connectionString", _values.Expression(resource.ConnectionStringExpression));

    private void WriteArguments(IResource resource)
    {
        var arguments = resource.Annotations.OfType<ArgumentAnnotation>().ToList();
        if (arguments.Count == 0)
        {
            return;
        }

        _json.WriteStartArray("args");
        arguments.ForEach(argument => _json.WriteStringValue(_values.Expression(argument.Value)));
        _json.WriteEndArray();
    }

    private void WriteMounts(ContainerResource container)
    {
        var mounts = container.Annotations.OfType<ContainerMountAnnotation>().ToLookup(mount => mount.IsVolume);
        if (mounts[false].Any())
        {
            _json.WriteStartArray("bindMounts");
            foreach (var mount in mounts[false])
            {
                WriteMount("source", Relative(mount.Source!), mount);
            }

            _json.WriteEndArray();
        }

        if (mounts[true].Any())
        {
            _json.WriteStartArray("volumes");
            foreach (var mount in mounts[true])
            {
                WriteMount("name", mount.Source, mount);
            }

            _json.WriteEndArray();
        }
    }

    private void WriteMount(string key, string? source, ContainerMountAnnotation mount)
    {
        _json.WriteStartObject();
        if (source is not null)
        {
            _json.WriteString(key, source);
        }

        _json.WriteString("target", mount.Target);
        _json.WriteBoolean("readOnly", mount.IsReadOnly);
        _json.WriteEndObject();
    }

    private void WriteEnvironment(IResource resource)
    {
        var variables = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        if (resource is ProjectResource)
        {
            ManifestBindings.AddProjectVariables(variables, resource);
        }

        foreach (var own in resource.Annotations.OfType<EnvironmentAnnotation>())
        {
            variables[own.Name] = _values.Expression(own.Value);
        }

        ManifestBindings.AddPortVariables(variables, resource);
        if (variables.Count == 0)
        {
            return;
        }

        _json.WriteStartObject("env");
        foreach (var (name, value) in variables)
        {
            _json.WriteString(name, value);
        }

        _json.WriteEndObject();
    }

    private string Relative(string path) => Path.GetRelativePath(_folder, path);
}
