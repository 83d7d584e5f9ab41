"""How people and moments stand in what is written down and hashed."""
__all__ = ('moment', 'person')


def person(user):
    return {'username': user.get_username(), 'name': user.get_full_name()} if user else None


def moment(time):
    return time.isoformat() if time else None
