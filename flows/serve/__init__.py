"""Every night by itself: Prefect's flows, deployments and server."""
