"""The command line: `flask --app app …`, one module for each person who types it."""
