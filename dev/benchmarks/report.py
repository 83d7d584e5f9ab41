"""What comes out: a table for people, JSON for machines."""
import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One row, measured. Of one about memory or queries, `subject_ms` and `against_ms` are what its `unit` says."""
    name: str
    limit: float
    subject: float
    against: float
    unit: str
    rounds: int

    @property
    def ratio(self):
        return self.subject / self.against if self.against else float('inf')

    @property
    def ok(self):
        return self.ratio <= self.limit

    def as_json(self):
        return {
            'name': self.name, 'ratio': round(self.ratio, 4), 'limit': self.limit, 'ok': self.ok,
            'subject_ms': round(self.subject, 3), 'against_ms': round(self.against, 3), 'unit': self.unit,
            'rounds': self.rounds,
        }

    def as_line(self, width):
        return (f'{self.name:<{width}}  {self.ratio:6.2f}  {self.limit:5.2f}  {"ok" if self.ok else "OVER":<4}  '
                f'{self.subject:10.2f} {self.unit}  {self.against:10.2f} {self.unit}  {self.rounds:6}')


def as_json(results):
    return json.dumps([result.as_json() for result in results], indent=2)


def as_table(results):
    width = max(len(result.name) for result in results)
    head = f'{"":<{width}}  {"ratio":>6}  {"limit":>5}  {"":<4}  {"subject":>13}  {"against":>13}  {"rounds":>6}'
    over = sum(not result.ok for result in results)
    verdict = f'{over} of {len(results)} over the limit' if over else f'all {len(results)} within their limits'
    return '\n'.join([head, *(result.as_line(width) for result in results), verdict])
