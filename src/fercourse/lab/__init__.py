"""JupyterLab as the course serves it: offline, with a token, free of the person's own settings."""
