module agentservice.dev/examples/agent

go 1.26
