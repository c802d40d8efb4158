"""One module per job a person does at the till. Services know the domain and the ports, never a table, a widget or a wire."""
