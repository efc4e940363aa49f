"""Doing with items what several tests need."""

from dataclasses import replace

import pytest

from cms.accounts.policy import MACHINE
from cms.content import queries, services
from cms.content.models import Content
from cms.content.snapshot import Snapshot


class Desk:
    """The services of content, each call in its own unit of work, as somebody or as the machine."""

    def __init__(self, cms):
        self.cms = cms

    def item(self, number):
        with self.cms.reading() as session:
            return session.get(Content, number)

    def edit(self, number, actor=MACHINE, **changes):
        with self.cms.unit_of_work() as uow:
            content = queries.get(uow.session, number)
            snapshot = Snapshot.from_json(queries.latest_revision(uow.session, content).snapshot)
            services.save_draft(uow, self.kind(content), content, replace(snapshot, **changes), actor=actor)

    def submit(self, number, actor=MACHINE):
        with self.cms.unit_of_work() as uow:
            content = queries.get(uow.session, number)
            services.submit(uow, self.kind(content), content, actor=actor)

    def approve(self, number, actor=MACHINE):
        with self.cms.unit_of_work() as uow:
            services.approve(uow, queries.get(uow.session, number), actor=actor)

    def publish(self, number):
        with self.cms.unit_of_work() as uow:
            content = queries.get(uow.session, number)
            services.publish(uow, self.kind(content), content, actor=MACHINE)

    def schedule(self, number, at):
        with self.cms.unit_of_work() as uow:
            content = queries.get(uow.session, number)
            services.schedule(uow, self.kind(content), content, actor=MACHINE, at=at)

    def withdraw(self, number, **more):
        with self.cms.unit_of_work() as uow:
            services.withdraw(uow, queries.get(uow.session, number), actor=MACHINE, reason="更正", **more)

    def sign(self, number):
        self.submit(number)
        self.approve(number)

    def kind(self, content):
        return self.cms.types.require(content.type)


@pytest.fixture
def desk(app, cms):
    return Desk(cms)
