"""The two forms of signing in: the address, then the code."""

from __future__ import annotations

import unicodedata

from allauth.account.forms import ConfirmLoginCodeForm, RequestLoginCodeForm
from django import forms
from django.utils.translation import pgettext_lazy

from sympolity.kit.bidi import clean_line

__all__ = ["AddressForm", "CodeForm"]

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
