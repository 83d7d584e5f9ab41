"""What a person sees: panels, attributes, charts."""
