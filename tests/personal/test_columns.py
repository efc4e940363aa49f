"""Sealed columns of a plugin: what the database holds, and finding the same person again."""

from sqlalchemy import select, text

from cms.api import code_matches, new_code, same, seal_code, seal_into

PERSON = {"name": "王小明", "id_number": "11010519491231002X"}


def add(cms, visits, **values):
    with cms.unit_of_work() as uow:
        visit = visits.Visit(outcome="answered")
        seal_into(cms.keyring, visit, visits.Visit.personal, values)
        uow.session.add(visit)
        uow.session.flush()
        return visit.id


def test_database_holds_no_personal_values(cms, visits):
    add(cms, visits, **PERSON)

    with cms.reading() as session:
        stored = str(session.execute(text("SELECT * FROM visits__visit")).all())
        visit = session.scalars(select(visits.Visit)).one()
    assert "王小明" not in stored
    assert "110105" not in stored
    assert cms.keyring.open(visit.personal, visits.Visit.personal) == PERSON


def test_records_of_the_same_person_are_found(cms, visits):
    first, _other = add(cms, visits, **PERSON), add(cms, visits, name="李四", id_number="")
    second = add(cms, visits, name="王小明", id_number="110105 19491231 002x")

    with cms.reading() as session:
        found = select(visits.Visit.id).where(same(cms.keyring, visits.Visit.id_print, "11010519491231002X"))
        assert session.scalars(found).all() == [first, second]
        nobody = select(visits.Visit.id).where(same(cms.keyring, visits.Visit.id_print, ""))
        assert session.scalars(nobody).all() == []


def test_sealing_nothing_empties_column_and_fingerprint(cms, visits):
    key = add(cms, visits, **PERSON)

    with cms.unit_of_work() as uow:
        visit = uow.session.get_one(visits.Visit, key)
        seal_into(cms.keyring, visit, visits.Visit.personal, {"name": ""})

    with cms.reading() as session:
        visit = session.get_one(visits.Visit, key)
        assert (visit.personal, visit.id_print) == ("", "")


def test_code_of_a_record_is_checked(cms, visits):
    code = new_code()
    with cms.unit_of_work() as uow:
        uow.session.add(visits.Visit(outcome="", code=seal_code(cms.keyring, code, visits.Visit.code)))

    with cms.reading() as session:
        stored = session.scalars(select(visits.Visit.code)).one()
    assert code_matches(cms.keyring, stored, code.lower(), visits.Visit.code)
    assert not code_matches(cms.keyring, stored, new_code(), visits.Visit.code)
