"""What is missing in a landing and its configuration, found before anything is built. One module a concern."""
