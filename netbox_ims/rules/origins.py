"""Where the value that counts for a CI comes from."""

__all__ = ('INHERITED', 'OVERRIDDEN', 'OWN', 'origin')

OWN, INHERITED, OVERRIDDEN = 'own', 'inherited', 'overridden'


def origin(own, effective, overridden=False):
    """
    Whether an effective value is a CI's own, inherited from what it holds for others, or its own because somebody
    decided that it stands whatever is inherited (ISO/IEC 27001 A.5.12).
    """
    if overridden:
        return OVERRIDDEN
    return OWN if own == effective else INHERITED
