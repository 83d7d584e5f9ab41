from types import SimpleNamespace

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from netbox.forms import PrimaryModelForm
from utilities.forms.rendering import FieldSet

from ..models import RiskMatrix, problem_message
from ..rules.risk_matrix import FIELDS, problems
from ..ui.heat_map import MatrixPicture, dip_messages
from .matrix_fields import CellsField, LevelsField, LinesField
from .mixins import AbsentFieldErrorsMixin

__all__ = ('RiskMatrixForm',)

STEPS = _('3 to 10 steps, one on each line, the lowest first')


class RiskMatrixForm(AbsentFieldErrorsMixin, PrimaryModelForm):
    """
    The editor of a matrix. Whatever has been filled in so far, right or wrong, is in `drawn`: the grid has its rows and
    columns, and `picture` shows how it will look.
    """
    likelihood_scale = LinesField(label=_('Likelihood scale'), help_text=STEPS)
    impact_scale = LinesField(label=_('Impact scale'), help_text=STEPS)
    impact_dimensions = LinesField(
        label=_('Impact dimensions'), help_text=_('What impact is rated by, one on each line; the highest counts')
    )
    levels = LevelsField(
        label=_('Levels'), help_text=_('From the lowest to the highest. Clear a name to take a level away')
    )
    acceptance_level = forms.CharField(
        label=_('Acceptance level'), widget=forms.Select(attrs={'class': 'form-select no-ts'}),
        help_text=_('Risks up to this level are acceptable')
    )
    cells = CellsField(label=_('Cells'))

    fieldsets = (FieldSet('name', 'description', 'tags', name=_('Risk Matrix')),)

    class Meta:
        model = RiskMatrix
        fields = (
            'name', 'description', 'likelihood_scale', 'impact_scale', 'impact_dimensions', 'levels',
            'acceptance_level', 'cells', 'owner', 'comments', 'tags',
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.drawn = {name: self._drawn(name) for name in FIELDS}
        levels = [
            {'color': '', 'rank': 0, **level} for level in self.drawn['levels'] or ()
            if isinstance(level, dict) and {'slug', 'name'} <= level.keys()
        ]
        self.drawn['levels'] = levels
        self.fields['acceptance_level'].widget.choices = [(level['slug'], level['name']) for level in levels]
        self.fields['cells'].widget.grid = (
            self._names('likelihood_scale'), self._names('impact_scale'), levels
        )

    def _drawn(self, name):
        """What a field holds now: as posted where it can be read, else as it is to begin with."""
        field = self.fields[name]
        if not self.is_bound:
            return self.get_initial_for_field(field, name)
        value = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
        try:
            return field.to_python(value)
        except forms.ValidationError:
            return None

    def _names(self, name):
        return [str(each) for each in self.drawn[name] or ()][:20]

    @cached_property
    def problems(self):
        """What is still missing, in words, before this is a matrix."""
        return [
            f'{self.fields[problem.field].label}: {problem_message(problem)}' for problem in problems(self.drawn)
        ]

    @property
    def picture(self):
        """How the matrix will look, or None while it is none."""
        return None if self.problems else MatrixPicture(SimpleNamespace(**self.drawn))

    @property
    def dips(self):
        """Where it does not rise, in words."""
        return [] if self.problems else dip_messages(self.drawn)
