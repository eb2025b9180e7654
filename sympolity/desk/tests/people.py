"""People of three kinds: an administrator, a curator of Athens, an editor; and what they do at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from sympolity.exchange import carrying
from sympolity.exchange.models import ImportRun
from sympolity.kit.actor import SYSTEM, Role
from sympolity.people import actions
from sympolity.people.models import Person
from sympolity.places.facts import area_id
from tests.reader import HOST, Page, Reader

HEAD = "id;name;organization;category;address;lat;lon;phone;description;Χρήστης\n"
ROWS = (
    "1;Συσσίτιο;Δήμος Νέας Χώρας;food;Οδός 1;37.98;23.73;+30 210 0000001;Κάθε μέρα;Μ\n",
    "2;مطبخ الحي;Δήμος Νέας Χώρας;food;Οδός 2;40.64;22.94;+30 210 0000002;كل يوم;Μ\n",
    "3;Νομική βοήθεια;Δήμος Νέας Χώρας;legal;Οδός 3;37.99;23.74;+30 210 0000003;Γράψτε στη maria@office.example;Μ\n",
)


@dataclass
class Desk:
    """What a person does at the desk, and the work process beside it."""

    admin: Client
    curator: Client
    editor: Client
    persons: dict[str, Person]

    def page(self, url: str, client: Client | None = None, *, status: int = 200) -> Page:
        """A page as a strict editor reads it."""
        return Reader(client or self.admin, signed_in=True).get(f"/en/desk/{url}", status=status)

    def bring(
        self,
        *texts: str | bytes,
        format: str = "csv",
        source: str = "list",
        id: UUID | None = None,
        names: tuple[str, ...] = (),
    ) -> ImportRun:
        """Upload files; the run they make."""
        wanted = id or uuid4()
        files = [
            SimpleUploadedFile(
                names[at] if names else f"list{at}.csv", text.encode() if isinstance(text, str) else text
            )
            for at, text in enumerate(texts)
        ]
        said = {"id": wanted, "format": format, "source": source, "files": files}
        response = self.admin.post("/en/desk/imports/new/", said)
        assert response.status_code == 302, response.content.decode()[:3000]
        return ImportRun.objects.get(id=wanted)

    def work(self) -> None:
        """The work process takes what there is to do."""
        run = carrying.claim("test")
        while run is not None:
            carrying.carry_out(run, "test")
            run = carrying.claim("test")

    def map(self, run: ImportRun, **more: str) -> None:
        """Send the mapping screen as it is prefilled."""
        said = {"verb": "map", "lang": "el"}
        for at, one in enumerate(run.peek["guess"]["columns"]):
            said |= {f"to-{at}": one.get("to", ""), f"lang-{at}": one.get("lang", "")}
        response = self.admin.post(f"/en/desk/imports/{run.id}/columns/", said | more)
        assert response.status_code == 302, response.content.decode()[:3000]

    def previewed(self, text: str, **more: str) -> ImportRun:
        """A table, mapped and looked at."""
        run = self.bring(text, **more)  # type: ignore[arg-type]
        self.work()
        run.refresh_from_db()
        self.map(run)
        self.work()
        run.refresh_from_db()
        assert run.state == "preview", (run.fault, run.reason)
        return run

    def say(self, run: ImportRun, verb: str, client: Client | None = None, **more: str) -> int:
        """Press a button of the page of an import; the status."""
        return (client or self.admin).post(f"/en/desk/imports/{run.id}/say/", {"verb": verb, **more}).status_code


def _person(name: str, role: Role, organization: UUID, *, areas: frozenset[UUID] = frozenset()) -> Person:
    item = actions.AffiliationItem(
        organization=organization, role=role, areas=areas, everywhere=role == Role.ADMINISTRATOR, since=date(2024, 1, 1)
    )
    email = f"{name}@work.example"
    actions.enrol_persons(actor=SYSTEM, items=[actions.PersonItem(email=email, name=name, affiliations=(item,))])
    person = Person.objects.get(email=email)
    actions.equip_examples(actor=SYSTEM, persons=[person.id])
    return person


def _client(person: Person) -> Client:
    client = Client(HTTP_HOST=HOST)
    client.force_login(person)
    return client


def gathered() -> Desk:
    """Everybody, with their browsers."""
    from sympolity.people.enums import OrganizationKind, OrganizationState

    centre = uuid4()
    item = actions.OrganizationItem(
        id=centre,
        kind=OrganizationKind.COORDINATION_CENTRE,
        status=OrganizationState.APPROVED,
        lang="en",
        name="Centre",
    )
    actions.register_organizations(actor=SYSTEM, items=[item])
    persons = {
        "admin": _person("admin", Role.ADMINISTRATOR, centre),
        "curator": _person("curator", Role.CURATOR, centre, areas=frozenset({area_id("athens")})),
        "editor": _person("editor", Role.EDITOR, centre),
    }
    admin, curator, editor = (_client(persons[name]) for name in ("admin", "curator", "editor"))
    return Desk(admin, curator, editor, persons)
