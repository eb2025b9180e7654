"""The forms of signing in and of coming in: address, code, organization."""

from __future__ import annotations

import unicodedata
from typing import Any

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from sympolity.kit.actor import Role
from sympolity.kit.bidi import clean_line, clean_text
from sympolity.languages import registry
from sympolity.people import queries
from sympolity.people.enums import ROLE_WORDS, OrganizationKind

__all__ = ["AddressForm", "CodeForm", "FoundForm", "InviteForm", "JoinForm", "OrganizationForm", "PersonForm", "latin_digits"]  # fmt: skip

_ADDRESS = pgettext_lazy("sign-in", "Write your whole address, for example name@organization.gr")
_CODE = pgettext_lazy("sign-in", "Write the six digits of the code.")


class AddressForm(RequestLoginCodeForm):
    """An e-mail address. Whether somebody has it does not show."""

    email = forms.EmailField(
        max_length=254, error_messages={"required": _ADDRESS, "invalid": _ADDRESS, "max_length": _ADDRESS}
    )

    def clean_email(self) -> str:
        self.cleaned_data["email"] = self.cleaned_data["email"].lower()
        return str(super().clean_email())


class CodeForm(ConfirmLoginCodeForm):
    """Six digits, in whatever digits the keyboard has."""

    code = forms.CharField(max_length=40, error_messages={"required": _CODE, "max_length": _CODE})

    def clean_code(self) -> str:
        self.cleaned_data["code"] = latin_digits(self.cleaned_data["code"])
        return str(super().clean_code())


def latin_digits(text: str) -> str:
    """``text`` with every decimal digit as 0 to 9 (Arabic keyboards write ٤٢)."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in clean_line(text))


_NEEDED = pgettext_lazy("form", "This is needed.")
_LONG = pgettext_lazy("form", "This is too long.")
_CHOICE = pgettext_lazy("form", "Choose one of the list.")
_PAGE = pgettext_lazy("form", "Write the whole address of the page, for example https://organization.gr")
_PLAIN = {"required": _NEEDED, "max_length": _LONG, "invalid_choice": _CHOICE, "null_characters_not_allowed": _NEEDED}


class Line(forms.CharField):
    """One line from outside: no controls, nothing that turns the line around."""

    def __init__(self, **options: Any) -> None:
        super().__init__(error_messages=_PLAIN, **options)

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class Words(forms.CharField):
    """Several lines from outside."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 4, "dir": "auto"})
        super().__init__(widget=widget, error_messages=_PLAIN, **options)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class PersonForm(forms.Form):
    """Who comes: a name, and an address that a code will prove."""

    name = Line(
        label=pgettext_lazy("form of a person", "Your name"), max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=pgettext_lazy("form of a person", "Your e-mail address at work"), max_length=254,
        help_text=pgettext_lazy("form of a person", "We send a code to it. Choose the address of the organization, if you have one."),
        error_messages={"required": _ADDRESS, "invalid": _ADDRESS, "max_length": _ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )  # fmt: skip

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class OrganizationForm(forms.Form):
    """What is said of an organization. ``lang``: of the page."""

    name = Line(
        label=pgettext_lazy("form of an organization", "Name of the organization"), max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization", "dir": "auto"}),
    )  # fmt: skip
    lang = forms.ChoiceField(
        label=pgettext_lazy("form of an organization", "In which language do you write the name and the description?"),
        error_messages=_PLAIN,
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("form of an organization", "What kind of organization is it?"), error_messages=_PLAIN
    )
    area = forms.ChoiceField(
        label=pgettext_lazy("form of an organization", "City or municipality"), error_messages=_PLAIN,
        help_text=pgettext_lazy("form of an organization", "The coordination centre there looks at what you send."),
    )  # fmt: skip
    description = Words(
        label=pgettext_lazy("form of an organization", "What does it do, and for whom?"),
        max_length=4000,
        required=False,
    )
    phone = Line(
        label=pgettext_lazy("form of an organization", "Telephone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "dir": "ltr"}),
    )  # fmt: skip
    email = forms.EmailField(
        label=pgettext_lazy("form of an organization", "Mail address that the public may see"), max_length=254,
        required=False, error_messages={"invalid": _ADDRESS, "max_length": _ADDRESS},
        widget=forms.EmailInput(attrs={"dir": "ltr"}),
    )  # fmt: skip
    url = forms.URLField(
        label=pgettext_lazy("form of an organization", "Web page"), max_length=200, required=False, assume_scheme="https",
        error_messages={"invalid": _PAGE, "max_length": _PAGE},
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url", "dir": "ltr"}),
    )  # fmt: skip

    prefix = "organization"

    def __init__(self, *args: Any, lang: str, **options: Any) -> None:
        super().__init__(*args, **options)
        empty = [("", pgettext("form", "Choose"))]
        choices: dict[str, list[tuple[str, Any]]] = {
            "lang": [(row.code, row.name) for row in registry.LANGUAGES.values()],
            "kind": empty + [(str(value), label) for value, label in OrganizationKind.choices],
            "area": empty + queries.area_choices(lang),
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the types
            field.choices = rows
        self.fields["lang"].initial = lang

    def said(self) -> dict[str, str]:
        """The columns of an organization."""
        return {name: str(self.cleaned_data[name]) for name in ("name", "lang", "kind", "area", "description", "phone", "email", "url")}  # fmt: skip


class FoundForm(OrganizationForm):
    """An organization that asks to take part."""

    offers_housing = forms.BooleanField(
        label=pgettext_lazy("form of an organization", "It offers places to live or to sleep"), required=False
    )
    offers_work = forms.BooleanField(
        label=pgettext_lazy("form of an organization", "It offers work, or finds work for people"), required=False
    )
    words = Words(
        label=pgettext_lazy("form of an organization", "Anything the coordination centre should know"), max_length=2000,
        required=False,
    )  # fmt: skip

    def came(self) -> dict[str, Any]:
        """What waits in the session."""
        offers = {name: bool(self.cleaned_data[name]) for name in ("offers_housing", "offers_work")}
        return {"organization": self.said(), "words": self.cleaned_data["words"], **offers}


class JoinForm(forms.Form):
    """A request to act for a known organization."""

    organization = forms.UUIDField(
        error_messages={
            "required": pgettext_lazy("form", "Choose the organization."),
            "invalid": pgettext_lazy("form", "Choose the organization."),
        }
    )
    words = Words(
        label=pgettext_lazy("form of a request", "Who are you there?"), max_length=1000, required=False,
        help_text=pgettext_lazy("form of a request", "A line by which its people know you."),
    )  # fmt: skip

    def came(self) -> dict[str, Any]:
        """What waits in the session."""
        return {"organization": str(self.cleaned_data["organization"]), "words": self.cleaned_data["words"]}


class InviteForm(forms.Form):
    """Somebody to invite into one's organization."""

    email = forms.EmailField(
        label=pgettext_lazy("form of an invitation", "E-mail address"), max_length=254,
        error_messages={"required": _ADDRESS, "invalid": _ADDRESS, "max_length": _ADDRESS},
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=pgettext_lazy("form of an invitation", "Role"), error_messages=_PLAIN)
    language = forms.ChoiceField(
        label=pgettext_lazy("form of an invitation", "Language of the mail"), error_messages=_PLAIN
    )

    def __init__(self, *args: Any, roles: list[Role], **options: Any) -> None:
        super().__init__(*args, **options)
        role, language = self.fields["role"], self.fields["language"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - for the types
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - for the types
        role.choices = [(one.value, ROLE_WORDS[one]) for one in roles]
        language.choices = [(row.code, row.name) for row in registry.INTERFACE]
