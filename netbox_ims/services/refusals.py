"""A step that is not allowed as things are."""
__all__ = ('NotPermitted', 'Refused')


class Refused(Exception):
    """`detail` in a sentence, `reasons`, each a sentence, and the name of the field it is about, if there is one."""

    def __init__(self, detail, reasons=(), field=None):
        self.detail, self.reasons, self.field = detail, list(reasons), field
        super().__init__(detail)


class NotPermitted(Refused):
    """Nothing stands against the step but that this person has not the permission for it."""
