using Continuity.Gateway;

SocketLoops.Use();
GatewayApplication.Create(args).Run();
