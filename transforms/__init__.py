"""Pure steps: values in, values or SQL text out; no network, no clock, no Prefect."""
