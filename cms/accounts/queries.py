"""Reading accounts and departments."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cms.accounts.models import Department, User
from cms.accounts.policy import Actor, Policy, Role
from cms.kernel.errors import NotFound


def actor_of(user: User, policy: Policy) -> Actor:
    """Return ``user`` as the plain value that services take."""
    roles = roles_of(user)
    return Actor(
        id=user.id,
        name=user.full_name or user.username,
        roles=roles,
        department_id=user.department_id,
        department=user.department.name if user.department else "",
        permissions=policy.of(roles),
    )


def roles_of(user: User) -> frozenset[Role]:
    """Return the roles of ``user``; roles of plugins that are gone are left out."""
    return frozenset(role for role in Role for row in user.role_rows if row.role == role)


def user_by_name(session: Session, username: str) -> User | None:
    """Return the user with this name, whatever its case."""
    return session.scalars(select(User).where(User.username == username.strip().lower())).first()


def get_user(session: Session, user_id: int) -> User:
    """Return one user.

    :raises NotFound: if there is none.
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(f"user {user_id}")
    return user


def users(session: Session) -> Sequence[User]:
    """Return all users by name."""
    return session.scalars(select(User).order_by(User.is_active.desc(), User.username)).unique().all()


def departments(session: Session) -> Sequence[Department]:
    """Return all departments in their order."""
    return session.scalars(select(Department).order_by(Department.position, Department.id)).all()


def names_of(session: Session, user_ids: set[int | None]) -> dict[int, str]:
    """Return the display names of users by id, in one query."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    rows = session.execute(select(User.id, User.full_name, User.username).where(User.id.in_(wanted)))
    return {row.id: row.full_name or row.username for row in rows}


@dataclass(frozen=True)
class Person:
    """Somebody who has an account, as lists of choices show them."""

    id: int
    name: str
    department_id: int | None


def staff(session: Session) -> Sequence[Person]:
    """Return everybody whose account is active, by name."""
    rows = session.execute(
        select(User.id, User.full_name, User.username, User.department_id).where(User.is_active).order_by(User.username)
    )
    return [Person(row.id, row.full_name or row.username, row.department_id) for row in rows]


def people_by_department(session: Session) -> dict[int, int]:
    """Return how many active accounts each department has."""
    rows = session.execute(
        select(User.department_id, func.count())
        .where(User.is_active, User.department_id.is_not(None))
        .group_by(User.department_id)
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}
