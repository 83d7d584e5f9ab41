"""A step that is not allowed as things are."""
__all__ = ('Refused',)


class Refused(Exception):
    """`detail` in a sentence, `reasons`, each a sentence, and the name of the field it is about, if there is one."""

    def __init__(self, detail, reasons=(), field=None):
        self.detail, self.reasons, self.field = detail, list(reasons), field
        super().__init__(detail)
