"""The command line: `candor <noun> <verb>`."""
