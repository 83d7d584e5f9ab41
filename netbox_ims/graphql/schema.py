from .assignments import AssignmentsQuery
from .controls import ControlsQuery
from .register import RegisterQuery
from .soa import SoaQuery

schema = [RegisterQuery, ControlsQuery, SoaQuery, AssignmentsQuery]
