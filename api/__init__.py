"""Who is asking, may they, which arm are they in, what was shown to them? Useful for: HTTP. Not useful for:
deciding what to show (``search``, ``recsys``)."""

__all__: list[str] = []
