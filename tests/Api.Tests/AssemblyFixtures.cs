using Continuity.Api.Tests;
using Continuity.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
[assembly: AssemblyFixture(typeof(ApiFixture))]
