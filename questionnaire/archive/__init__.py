"""Where sealed documents are kept. The only room that knows files and folders."""
