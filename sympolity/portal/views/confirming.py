"""The signed link of an asking. Opening it shows; only a sent form changes: mail scanners open links."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sympolity.design import anonymous
from sympolity.design.anonymous import Trouble
from sympolity.directory.truth import answers, asked, steps
from sympolity.kit import clock
from sympolity.kit.refusals import Refusal
from sympolity.portal import confirming, words
from sympolity.portal.views.answers import site_or_none

__all__ = ["confirm"]

PART = 20  # services of one page: an old telephone has to carry it
RETRY = 3600  # seconds


@csrf_exempt  # no session speaks here: the link does, with the token of the form (design.anonymous)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, lang: str, token: str) -> HttpResponse:
    """Services of the organization that the link was sent to."""
    found = asked.opened(token)
    if found is None:
        raise Http404
    answer = steps.may_answer(found.facts, clock.local_today())
    if not answer:
        return _page(request, "confirm_over", {}, 410)
    rows = asked.services_of(found, clock.local_today())
    part = _Part(request, lang, token, found, rows)
    return part.answer() if request.method == "POST" else part.page({}, {}, 200)


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, f"portal/{template}.html", {"sensitive": True, **context}, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    if status == 429:
        response.headers["Retry-After"] = str(RETRY)
    return response


class _Part:
    """One page of the services of a link, by name: the order stays while they are answered."""

    def __init__(self, request: HttpRequest, lang: str, token: str, found: asked.Opened, rows: list[asked.Row]) -> None:
        self.request, self.lang, self.token, self.found = request, lang, token, found
        said = request.GET.get("page", "")
        self.number = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 1
        self.pages = max(1, -(-len(rows) // PART))
        self.number = min(max(1, self.number), self.pages)
        self.rows = rows[(self.number - 1) * PART : self.number * PART]
        self.left = sum(1 for row in rows if row.due)
        self.total = len(rows)

    @property
    def _purpose(self) -> str:
        return f"confirm:{self.found.asking.id}"

    def page(self, typed: dict[Any, confirming.Typed], more: dict[str, Any], status: int) -> HttpResponse:
        """The page with its form; ``typed``: what is put back into it."""
        context = confirming.shown(self.rows, typed, lang=self.lang, here=site_or_none(), now=clock.now())
        context |= {
            "organization": self.found.asking.organization, "form": anonymous.blank(self._purpose), "all": confirming.ALL,
            "until": words.long_date(self.found.facts.until), "left": self.left, "total": self.total,
            "done": self.total - self.left, "previous": self._address(self.number - 1), "next": self._address(self.number + 1),
            "desk_url": f"/{self.lang}/account/",
        }  # fmt: skip
        return _page(self.request, "confirm", {**context, **more}, status)

    def answer(self) -> HttpResponse:
        """Take down what was sent. What can be taken is kept, also when a row beside it has to be corrected."""
        known = [row.dossier.service.id for row in self.rows]
        typed = confirming.read(self.request.POST, known, {row.dossier.service.id for row in self.rows if row.due})
        sent = anonymous.received(self.request, self._purpose)
        if sent.trouble:
            status = 403 if sent.trouble is Trouble.FOREIGN else 422
            return self.page(typed, {"errors": [{"text": confirming.TROUBLES[sent.trouble]}]}, status)
        if not anonymous.admitted(confirming.limits(self.found.asking.id)):
            return self.page(typed, {"too_many": True}, 429)
        return self._take(typed)

    def _take(self, typed: dict[Any, confirming.Typed]) -> HttpResponse:
        said = confirming.said(typed, self.lang)
        try:
            answers.answer_by_link(
                asking=self.found.asking, link=self.found.facts, dossiers=[row.dossier for row in self.rows], words=said
            )
        except Refusal as error:
            if error.reason in {"link_revoked", "link_expired"}:
                return _page(self.request, "confirm_over", {}, 410)
            return self.page(typed, {"too_many": True}, 429)
        wrong = {one: row for one, row in typed.items() if row.missing}
        if wrong:
            rows = asked.services_of(self.found, clock.local_today())
            return _Part(self.request, self.lang, self.token, self.found, rows).page(wrong, {}, 422)
        return redirect(self._address(self.number) or self.request.path)

    def _address(self, number: int) -> str:
        if not 1 <= number <= self.pages:
            return ""
        own = f"/{self.lang}/confirm/{self.token}/"
        return own if number == 1 else f"{own}?page={number}"
