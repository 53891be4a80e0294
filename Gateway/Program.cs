using Continuity.Gateway;

GatewayApplication.Create(args).Run();
