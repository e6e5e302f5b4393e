"""What people meet in a browser: forms, pages, and two doors that do not know each other."""
