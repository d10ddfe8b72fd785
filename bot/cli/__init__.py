"""The command line: `candor <noun> <verb>`. One module per noun; `candor serve` is the only bare verb."""
