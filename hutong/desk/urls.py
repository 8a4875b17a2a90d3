"""The pages of the desk: one line a domain."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [  # in the order tried: what is asked for most comes first
    path("account/", include("hutong.desk.account.urls")),
    path("", include("hutong.desk.worklist.urls")),
    path("", include("hutong.desk.boards.urls")),
    path("", include("hutong.desk.search.urls")),
    path("", include("hutong.desk.children.urls")),
    path("", include("hutong.desk.visits.urls")),
    path("", include("hutong.desk.restricted.urls")),
    path("", include("hutong.desk.emergency.urls")),
    path("", include("hutong.desk.plan.urls")),
    path("", include("hutong.desk.proposals.urls")),
    path("", include("hutong.desk.leads.urls")),
    path("", include("hutong.desk.feeds.urls")),
    path("", include("hutong.desk.duplicates.urls")),
    path("", include("hutong.desk.imports.urls")),
    path("", include("hutong.desk.looks.urls")),
    path("", include("hutong.desk.posts.urls")),
    path("", include("hutong.desk.reports.urls")),
    path("", include("hutong.desk.town.urls")),
    path("", include("hutong.desk.notices.urls")),
    path("", include("hutong.desk.devices.urls")),
    path("", include("hutong.desk.conflicts.urls")),
    path("", include("hutong.desk.help.urls")),
]

if settings.DEBUG:
    urlpatterns += [path("ui/", include("hutong.desk.ui.urls"))]
