from .register import RegisterQuery

schema = [RegisterQuery]
