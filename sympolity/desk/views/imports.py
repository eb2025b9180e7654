"""Imports: the list, a new one, one from its preview to its report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sympolity.desk import reasons, report, words
from sympolity.desk.gate import actor_of, only
from sympolity.desk.paging import part_of
from sympolity.desk.receiving import FIELD, Arrived, Nothing, Receiver, too_long
from sympolity.exchange import queries, rules, runs, uploads
from sympolity.exchange.models import ImportRun
from sympolity.kit.actor import Role
from sympolity.kit.refusals import Refusal
from sympolity.people.models import Person

__all__ = ["listed", "new", "run", "say"]

_SIZE = 30
_VERBS = {"again": runs.repeat_runs, "drop": runs.drop_runs}


@require_safe
@only(Role.ADMINISTRATOR)
def listed(request: HttpRequest) -> HttpResponse:
    """All imports that were brought in on the page, the newest first."""
    part = part_of(request, queries.runs_visible_to(actor_of(request)).defer("peek"), _SIZE)
    return render(request, "desk/imports.html", {"part": part, "rows": [_told(row) for row in _named(part.rows)]})


def _named(rows: Sequence[ImportRun]) -> list[tuple[ImportRun, str]]:
    """Runs with the name of who asked for them."""
    people = Person.objects.in_bulk([row.asked_by for row in rows if row.asked_by])
    return [(row, str(people.get(row.asked_by, "") if row.asked_by else "")) for row in rows]


def _told(named: tuple[ImportRun, str]) -> dict[str, Any]:
    row, by = named
    results = row.report.get("results", {})
    return {
        "run": row, "by": by, "state": words.STATES[row.state], "at": words.moment(row.created_at),
        "format": words.FORMATS.get(row.format, (row.format, ""))[0],
        "counts": [(words.OUTCOMES[name], number) for name, number in results.items() if number and name in words.OUTCOMES],
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt  # the token is looked at in _new: where files go has to be said before the body is read
def new(request: HttpRequest) -> HttpResponse:
    """Bring in files."""
    if request.method == "POST":
        allowed = bool(rules.may_import(actor_of(request)))
        if too_long(request, files=allowed):
            if not allowed:
                raise Http404
            return _form(request, [("files", words.REFUSALS["too_large"])], {}, status=413)
        request.upload_handlers = [Receiver(request) if allowed else Nothing(request)]
    return _new(request)


@only(Role.ADMINISTRATOR)  # first: the look at the token reads the body
@csrf_protect
def _new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, [], {})
    said = {name: request.POST.get(name, "").strip()[:100] for name in ("id", "format", "source")}
    try:
        wanted = UUID(said["id"])
    except ValueError:
        wanted = uuid4()
    if queries.runs_visible_to(actor_of(request)).filter(id=wanted).exists():
        return redirect("desk_import", id=wanted)
    files = [file.received for file in request.FILES.getlist(FIELD) if isinstance(file, Arrived)]
    receiver = request.upload_handlers[0]
    fault = receiver.fault if isinstance(receiver, Receiver) else ""
    if fault in {"full", "unwritten"}:
        return _form(request, [], said, status=503, full=True)
    if fault or not files:
        return _form(request, [("files", words.REFUSALS[fault or "no_file"])], said, status=413 if fault else 422)
    source = said["source"] or ("" if said["format"] in runs.TABLES else said["format"])
    item = runs.RunItem(wanted, said["format"], source, files)
    try:
        runs.begin_runs(actor=actor_of(request), items=[item])
    except Refusal as error:
        return _form(request, [(error.where, words.REFUSALS.get(error.reason, error.reason))], said, status=422)
    except OSError:
        return _form(request, [], said, status=503, full=True)
    return redirect("desk_import", id=wanted)


def _form(
    request: HttpRequest,
    errors: Sequence[tuple[str, Any]],
    said: dict[str, str],
    *,
    status: int = 200,
    full: bool = False,
) -> HttpResponse:
    ids = {"format": "format-csv", "files": "files", "source": "source"}
    context = {
        "id": said.get("id") or uuid4(), "said": said, "full": full, "formats": words.FORMATS,
        "errors": [{"id": ids.get(where, ""), "text": text} for where, text in errors],
        "wrong": dict(errors), "megabytes": uploads.MAX_BYTES // 10**6, "most": uploads.MAX_FILES,
    }  # fmt: skip
    response = render(request, "desk/import_new.html", context, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@only(Role.ADMINISTRATOR)
def run(request: HttpRequest, id: UUID) -> HttpResponse:
    """One import, as it stands."""
    return _run(request, id)


def _run(request: HttpRequest, id: UUID, *, error: Any = "", status: int = 200) -> HttpResponse:
    row = queries.runs_visible_to(actor_of(request)).filter(id=id).first()
    if row is None:
        raise Http404
    (named,) = _named([row])
    context = _told(named) | {
        "verbs": rules.FLOW.verbs(actor_of(request), row.state), "fault": words.FAULTS.get(row.fault), "error": error,
        "why": reasons.of_file(row.reason) if row.reason else "",
        "table": row.format in runs.TABLES, **report.told(row),
    }  # fmt: skip
    return render(request, "desk/import.html", context, status=status)


@require_POST
@only(Role.ADMINISTRATOR)
def say(request: HttpRequest, id: UUID) -> HttpResponse:
    """Apply an import, try it again, or throw it away. Said twice, it is done once."""
    actor = actor_of(request)
    if not queries.runs_visible_to(actor).filter(id=id).exists():
        raise Http404
    verb = request.POST.get("verb", "")
    try:
        if verb == "apply":
            runs.apply_runs(actor=actor, ids=[id], endings={id} if "endings" in request.POST else ())
        elif verb in _VERBS:
            _VERBS[verb](actor=actor, ids=[id])
    except Refusal as error:
        if error.reason != "wrong_state":
            return _run(request, id, error=words.REFUSALS.get(error.reason, error.reason), status=409)
    return redirect("desk_import", id=id)
