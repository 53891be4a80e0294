namespace Aspire.Hosting.ApplicationModel;

public sealed class PostgresServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string DefaultUserName = "postgres";

    public PostgresServerResource(string name, ParameterResource? userName, ParameterResource password)
        : base(name)
    {
        UserNameParameter = userName;
        PasswordParameter = password;
        PrimaryEndpoint = new EndpointReference(this, "tcp");
    }

    public EndpointReference PrimaryEndpoint { get; }

    public ParameterResource? UserNameParameter { get; }

    public ParameterResource PasswordParameter { get; }

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={Host};Port={Port};Username={UserName};Password={PasswordParameter}");

    internal ReferenceExpression UserName => UserNameParameter is null
        ? ReferenceExpression.Create($"{DefaultUserName}")
        : ReferenceExpression.Create($"{UserNameParameter}");

    /// <value>User and password as a URI has them.</value>
    internal ReferenceExpression Login => UserNameParameter is null
        ? ReferenceExpression.Create($"{DefaultUserName}:{new UriEncodedParameter(PasswordParameter)}")
        : ReferenceExpression.Create(
            $"{new UriEncodedParameter(UserNameParameter)}:{new UriEncodedParameter(PasswordParameter)}");

    internal EndpointReferenceExpression Host => PrimaryEndpoint.Property(EndpointProperty.Host);

    internal EndpointReferenceExpression Port => PrimaryEndpoint.Property(EndpointProperty.Port);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Host}")),
        new("Port", ReferenceExpression.Create($"{Port}")),
        new("Username", UserName),
        new("Password", ReferenceExpression.Create($"{PasswordParameter}")),
        new("Uri", ReferenceExpression.Create($"postgresql://{Login}@{Host}:{Port}")),
        new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{Host}:{Port}")),
    ];
}

public sealed class PostgresDatabaseResource(string name, string databaseName, PostgresServerResource server)
    : Resource(name), IResourceWithConnectionString, IResourceWithParent
{
    public PostgresServerResource Parent { get; } = server;

    public string DatabaseName { get; } = databaseName;

    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{Parent};Database={DatabaseName}");

    IResource IResourceWithParent.Parent => Parent;

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        var address = ReferenceExpression.Create($"{Parent.Host}:{Parent.Port}/{DatabaseName}");
        var server = ((IResourceWithConnectionString)Parent).GetConnectionProperties()
            .Where(property => property.Key is not "Uri" and not "JdbcConnectionString");
        return
        [
            .. server,
            new("Uri", ReferenceExpression.Create($"postgresql://{Parent.Login}@{address}")),
            new("JdbcConnectionString", ReferenceExpression.Create($"jdbc:postgresql://{address}")),
            new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}")),
        ];
    }
}
