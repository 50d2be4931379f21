module agentservice.dev/cluster/node

go 1.25.0
