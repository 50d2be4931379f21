module agentservice.dev/launcher

go 1.26
