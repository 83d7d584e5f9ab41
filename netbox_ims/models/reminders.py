from django.conf import settings
from django.db import models

__all__ = ('Reminder',)


class Reminder(models.Model):
    """
    That somebody has been reminded of something that is due, so that nobody is reminded of it twice. NetBox's own
    notification can't say so: whoever has read one may delete it.
    """
    _netbox_private = True

    user = models.ForeignKey(to=settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name='+')
    object_type = models.ForeignKey(to='contenttypes.ContentType', on_delete=models.CASCADE, related_name='+')
    object_id = models.PositiveBigIntegerField()
    event_type = models.CharField(max_length=50)
    due = models.DateField()
    time = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ('pk',)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=('user', 'object_type', 'object_id', 'event_type', 'due'), name='%(app_label)s_%(class)s_once',
            ),
        )

    def __str__(self):
        return f'{self.user}: {self.event_type}, {self.due}'
