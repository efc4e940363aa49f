"""``cms user``: accounts."""

import sys

import click

from cms.accounts import queries, services
from cms.accounts.passwords import make_password
from cms.accounts.policy import MACHINE, ROLE_LABELS, Role
from cms.cli.context import done, opened


@click.group("user")
def users() -> None:
    """Add, list, disable accounts and reset passwords."""


@users.command()
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([str(role) for role in Role]))
@click.option("--full-name", default="", help="Name shown in the desk.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def add(name: str, roles: tuple[str, ...], full_name: str, password_stdin: bool) -> None:  # noqa: FBT001 — a flag
    """Add an account; without --password-stdin a password is made and printed once."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else make_password()
    with opened() as cms, cms.unit_of_work() as uow:
        services.add_user(
            uow, name, actor=MACHINE, roles=frozenset(Role(role) for role in roles), password=password,
            full_name=full_name, must_change_password=not password_stdin,
        )  # fmt: skip
    done(f"added: {name}" if password_stdin else f"added: {name}, password: {password}")


@users.command("list")
def list_users() -> None:
    """List all accounts with their roles."""
    with opened() as cms, cms.reading() as session:
        for user in queries.users(session):
            roles = "、".join(ROLE_LABELS[role] for role in sorted(queries.roles_of(user)))
            done(f"{user.username:20} {'' if user.is_active else '(disabled) '}{user.full_name} {roles}")


@users.command()
@click.argument("name")
def disable(name: str) -> None:
    """Disable an account; its sessions end at once."""
    with opened() as cms, cms.unit_of_work() as uow:
        user = services.require_user(queries.user_by_name(uow.session, name))
        services.set_active(uow, user, active=False, actor=MACHINE)
    done(f"disabled: {name}")


@users.command()
@click.argument("name")
def enable(name: str) -> None:
    """Enable a disabled account."""
    with opened() as cms, cms.unit_of_work() as uow:
        user = services.require_user(queries.user_by_name(uow.session, name))
        services.set_active(uow, user, active=True, actor=MACHINE)
    done(f"enabled: {name}")


@users.command()
@click.argument("name")
def unlock(name: str) -> None:
    """Unlock an account that was locked after too many wrong passwords."""
    with opened() as cms, cms.unit_of_work() as uow:
        user = services.require_user(queries.user_by_name(uow.session, name))
        services.unlock(uow, user, actor=MACHINE)
    done(f"unlocked: {name}")


@users.command("set-roles")
@click.argument("name")
@click.option("--role", "roles", multiple=True, type=click.Choice([str(role) for role in Role]))
def set_roles(name: str, roles: tuple[str, ...]) -> None:
    """Give an account exactly these roles; its sessions end."""
    with opened() as cms, cms.unit_of_work() as uow:
        user = services.require_user(queries.user_by_name(uow.session, name))
        services.set_roles(uow, user, frozenset(Role(role) for role in roles), actor=MACHINE)
    done(f"roles of {name}: {', '.join(roles) or '-'}")


@users.command("reset-password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def reset_password(name: str, password_stdin: bool) -> None:  # noqa: FBT001 — a flag
    """Give an account a new password, to be changed at the next login."""
    password = sys.stdin.readline().rstrip("\n") if password_stdin else make_password()
    with opened() as cms, cms.unit_of_work() as uow:
        user = services.require_user(queries.user_by_name(uow.session, name))
        services.reset_password(uow, user, actor=MACHINE, new=password)
    done(f"password of {name} was reset" if password_stdin else f"new password of {name}: {password}")
