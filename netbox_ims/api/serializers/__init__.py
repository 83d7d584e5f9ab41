from .register import *
