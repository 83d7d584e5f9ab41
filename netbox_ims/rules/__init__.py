"""Pure decisions: standard library only, true without a database."""
