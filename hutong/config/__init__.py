"""How the product is started: settings, environment, URLs, the embedded database and the command line. Nothing imports it."""
