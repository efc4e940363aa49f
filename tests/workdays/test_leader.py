"""The leader works without a request; what it calls is inside the app all the same."""

from cms.workdays.events import CalendarChanged


def test_handlers_can_ask_for_the_present_app_when_the_leader_calls(cms, drain):
    from cms.web.state import get_cms

    seen = []
    cms.bus.subscribe(CalendarChanged, lambda _change: seen.append(get_cms()), owner="test")
    drain()

    assert seen == [cms]
