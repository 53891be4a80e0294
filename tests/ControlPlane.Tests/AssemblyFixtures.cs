using Continuity.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]
