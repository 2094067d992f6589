"""What a person asks for, a folder each: init, check, run, explain, forget, serve (there Prefect: `serve.nightly`)."""
