"""Reading the register through the ORM."""
from dcim.filtersets import DeviceFilterSet
from dcim.views import DeviceListView

from netbox_ims.filtersets import RegisterEntryFilterSet
from netbox_ims.models import Classification, RegisterEntry

from .base import row

PAGE = 50
CLASS = 'confidential'              # as many CIs are that as devices are active: see estate.CLASSES
SEARCHED = 'srv-4f'


def page(queryset):
    return list(queryset[:PAGE])


def page_and_count(queryset):
    return page(queryset), queryset.order_by().count()


def entries(using='default'):
    return RegisterEntry.objects.using(using).order_by('name', 'pk')


def classified(using='default'):
    return entries(using).filter(classification=Classification.objects.using(using).get(slug=CLASS).pk)


def devices():
    """NetBox's own list, as its view has it."""
    return DeviceListView.queryset.all()


@row('register by classification, page + count, against devices by status', 0.5)
def by_classification(bench):
    subject, against = classified(), devices().filter(status='active')
    return lambda: page_and_count(subject), lambda: page_and_count(against)


@row('register page, unclassified against classified', 1.5)
def unclassified(bench):
    blank, known = entries().unclassified(), classified()
    return lambda: page(blank), lambda: page(known)


@row('register page by classification, 1M against 100k', 1.5, compares_sizes=True)
def at_size_by_classification(bench):
    large, small = classified(), classified(bench.smaller)
    return lambda: page(large), lambda: page(small)


@row('register page without a filter, 1M against 100k', 1.5, compares_sizes=True)
def at_size(bench):
    return lambda: page(entries()), lambda: page(entries(bench.smaller))


@row('register name search, page + count, against NetBox device search', 0.1)
def search(bench):
    """What the database does; building a filterset takes as long whatever there is to search."""
    subject = RegisterEntryFilterSet({'q': SEARCHED}, entries()).qs
    against = DeviceFilterSet({'q': SEARCHED}, devices()).qs
    return lambda: page_and_count(subject), lambda: page_and_count(against)
