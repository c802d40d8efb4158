"""A guided tour: the whole work of a shop, done with real keys in the real window, each step checked against the books."""
