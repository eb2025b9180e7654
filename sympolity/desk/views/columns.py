"""Where the columns of a table go."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sympolity.desk import columns as form
from sympolity.desk.gate import actor_of, only
from sympolity.desk.words import FIELDS, REFUSALS, need_names
from sympolity.exchange import actions, queries, rules, runs
from sympolity.exchange.models import ImportRun
from sympolity.exchange.reading import Unreadable
from sympolity.exchange.tables.mapping import Mapping, loaded
from sympolity.kit.actor import Role
from sympolity.kit.bidi import clean_line
from sympolity.kit.refusals import Refusal
from sympolity.languages import registry

__all__ = ["columns"]


@require_http_methods(["GET", "HEAD", "POST"])
@only(Role.ADMINISTRATOR)
def columns(request: HttpRequest, id: UUID) -> HttpResponse:
    """The mapping screen, with what the headings let us guess."""
    actor = actor_of(request)
    run = queries.runs_visible_to(actor).filter(id=id).first()
    if run is None or run.format not in runs.TABLES:
        raise Http404
    if not run.peek or not rules.FLOW.may(actor, run.state, "map"):
        return redirect("desk_import", id=id)
    if request.method != "POST":
        return _page(request, run, *_begun(request, run))
    if request.POST.get("verb") == "sheet":
        return _other_sheet(request, run)
    header = run.peek["header"]
    saved = _saved(request, request.POST.get("from", ""))
    mapping = form.read(header, request.POST.dict(), saved.words if saved else {})
    errors = form.faults(mapping)
    if errors:
        return _page(request, run, mapping, errors, status=422)
    try:
        name = clean_line(request.POST.get("save-as", ""), 80)
        runs.map_runs(actor=actor, said={run.id: runs.Said(mapping, run.sheet)})
        if name:
            actions.save_mappings(actor=actor, mappings={name: mapping})
    except Refusal as error:
        if error.reason != "wrong_state":  # somebody was faster: the page of the import says how it stands
            text = REFUSALS.get(error.reason, REFUSALS["bad_mapping"])
            return _page(request, run, mapping, [form.Error("to-0", text, error.facts.get("value", ""))], status=422)
    return redirect("desk_import", id=id)


def _other_sheet(request: HttpRequest, run: ImportRun) -> HttpResponse:
    wanted = request.POST.get("sheet", "")
    if wanted in run.peek.get("sheets", ()) and wanted != run.peek.get("sheet"):
        try:
            runs.map_runs(actor=actor_of(request), said={run.id: runs.Said(None, wanted)})
        except Refusal:
            return redirect("desk_import", id=run.id)
    return redirect("desk_import", id=run.id)


def _saved(request: HttpRequest, name: str) -> Mapping | None:
    row = queries.mappings_visible_to(actor_of(request)).filter(name=clean_line(name, 80)).first() if name else None
    try:
        return loaded(json.dumps(row.body)) if row else None
    except Unreadable:
        return None


def _begun(request: HttpRequest, run: ImportRun) -> tuple[Mapping, list[form.Error]]:
    """What the form begins with: the saved mapping that is asked for, what was said before, or the guess."""
    name = request.GET.get("saved", "")
    saved = _saved(request, name)
    if saved:
        return saved, []
    errors = [form.Error("saved", REFUSALS["unknown_mapping"])] if name else []
    return loaded(json.dumps(run.mapping or run.peek["guess"])), errors


def _page(
    request: HttpRequest, run: ImportRun, mapping: Mapping, errors: list[form.Error], *, status: int = 200
) -> HttpResponse:
    words = {error.id: error.text for error in errors}
    languages = sorted(registry.LANGUAGES.values(), key=lambda row: row.name)
    constants: list[dict[str, Any]] = [
        {
            "name": name,
            "label": FIELDS[name],
            "value": mapping.constants.get(name, ""),
            "error": words.get(f"all-{name}", ""),
        }
        for name in form.CONSTANTS
    ]
    context = {
        "run": run, "questions": form.questions(run.peek, mapping, errors), "targets": form.targets(), "errors": errors,
        "tongues": languages, "constants": constants, "needs": need_names().items(), "lang_of_texts": mapping.lang, "whole": mapping.whole,
        "saved": list(queries.mappings_visible_to(actor_of(request)).values_list("name", flat=True)[:100]),
        "from": request.POST.get("from", request.GET.get("saved", "")),
    }  # fmt: skip
    return render(request, "desk/columns.html", context, status=status)
