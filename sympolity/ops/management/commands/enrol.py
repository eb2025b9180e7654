"""``sympolity enrol``: a person with a role, in an organization that is made when it is not there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from sympolity.kit.actor import SYSTEM, Role
from sympolity.kit.bidi import clean_line
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry
from sympolity.ops.first import Enrolment, enrol
from sympolity.people.enums import OrganizationKind
from sympolity.people.models import Person

ROLES = tuple(role.value for role in Role if role != Role.SYSTEM)
_WHY = {
    "email_wrong": "this is no e-mail address",
    "email_too_long": "the address is too long",
    "name_too_long": "the name is too long: at most 120 characters for a person, 200 for an organization",
    "name_missing": "the organization needs a name",
    "unknown_area": "no area has this name in addresses; look it up: sympolity find-place NAME",
    "several_of_this_name": "several organizations have this name; give one of them another name first",
    "organization_rests": "this organization is suspended or closed: nobody acts for it",
    "organization_waits": "this organization waits for approval, no role counts in it yet; --approve approves it",
    "person_rests": "this person may not sign in at present",
}


class Command(BaseCommand):
    help = (
        "Enter a person with a role in an organization; both are made when they are not there. "
        "This is how the first administrator of an installation comes in. Again: nothing changes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", help="e-mail address to which the sign-in codes go")
        parser.add_argument("--name", required=True, help="name of the person")
        parser.add_argument("--organization", required=True, metavar="NAME", help="name of the organization")
        parser.add_argument(
            "--kind",
            choices=OrganizationKind.values,
            metavar="KIND",
            default=OrganizationKind.MUNICIPALITY.value,
            help=f"what a new organization is: {', '.join(OrganizationKind.values)}",
        )
        parser.add_argument(
            "--role",
            choices=ROLES,
            metavar="ROLE",
            default=Role.ADMINISTRATOR.value,
            help=f"what the person is in it: {', '.join(ROLES)}",
        )
        parser.add_argument("--area", default="", metavar="SLUG", help="area of a new organization, and of the role")
        parser.add_argument("--approve", action="store_true", help="approve the organization if it waits for it")
        parser.add_argument("--everywhere", action="store_true", help="the role reaches all areas (for a curator)")
        parser.add_argument(
            "--lang", choices=[row.code for row in registry.INTERFACE], default="el", help="language of both names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Enrolment(
            address=options["address"],
            name=options["name"],
            organization=clean_line(options["organization"], 800),
            kind=options["kind"],
            role=Role(options["role"]),
            area=options["area"],
            everywhere=options["everywhere"],
            approve=options["approve"],
            lang=options["lang"],
        )
        if Person._meta.db_table not in connection.introspection.table_names():
            msg = "There is no database yet. Make it first: sympolity serve --prepare-only"
            raise CommandError(msg)
        try:
            said = enrol(wanted, actor=SYSTEM)
        except Refusal as error:
            why = _WHY.get(error.reason, error.reason.replace("_", " "))
            msg = f"Nothing was written: {why}."
            raise CommandError(msg) from error
        for line in said:
            self.stdout.write(line)
        self.stdout.write(
            f"Sign in at {settings.SITE_URL}/{options['lang']}/account/ with the address {wanted.address}."
        )
        if not settings.SMTP:
            self.stdout.write(
                "No mail server is set (SYMPOLITY_SMTP): the code is printed on the console of sympolity serve."
            )
