"""Does an e-mail address belong to an organization? Its domain says so, unless everybody can have one there."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["PUBLIC", "domain_of", "proves"]

# Where anybody gets an address, or a page: having one there proves nothing. Providers that people in Greece use,
# and hosts on which organizations keep their pages.
PUBLIC = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "google.com",
        "yahoo.com",
        "yahoo.gr",
        "ymail.com",
        "rocketmail.com",
        "hotmail.com",
        "hotmail.gr",
        "hotmail.co.uk",
        "outlook.com",
        "outlook.com.gr",
        "outlook.gr",
        "live.com",
        "live.gr",
        "msn.com",
        "windowslive.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.com",
        "gmx.net",
        "gmx.de",
        "web.de",
        "mail.com",
        "email.com",
        "proton.me",
        "protonmail.com",
        "protonmail.ch",
        "pm.me",
        "tutanota.com",
        "tuta.com",
        "tutamail.com",
        "tuta.io",
        "zoho.com",
        "zohomail.com",
        "yandex.com",
        "yandex.ru",
        "mail.ru",
        "bk.ru",
        "inbox.ru",
        "list.ru",
        "ukr.net",
        "i.ua",
        "fastmail.com",
        "fastmail.fm",
        "hey.com",
        "riseup.net",
        "disroot.org",
        "posteo.de",
        "posteo.net",
        "mailbox.org",
        "autistici.org",
        "inventati.org",
        "in.gr",
        "pathfinder.gr",
        "freemail.gr",
        "otenet.gr",
        "forthnet.gr",
        "hol.gr",
        "tellas.gr",
        "cosmotemail.gr",
        "windtools.gr",
        "mycosmos.gr",
        "vivodinet.gr",
        "yahoo.fr",
        "yahoo.de",
        "yahoo.co.uk",
        "orange.fr",
        "free.fr",
        "laposte.net",
        "wanadoo.fr",
        "libero.it",
        "t-online.de",
        "facebook.com",
        "instagram.com",
        "linkedin.com",
        "twitter.com",
        "x.com",
        "youtube.com",
        "wordpress.com",
        "blogspot.com",
        "blogspot.gr",
        "wixsite.com",
        "wix.com",
        "weebly.com",
        "github.io",
        "gitlab.io",
        "google.gr",
        "sites.google.com",
        "tumblr.com",
        "medium.com",
        "linktr.ee",
        "webnode.gr",
        "webnode.com",
        "webnode.page",
        "azurewebsites.net",
        "netlify.app",
        "vercel.app",
        "herokuapp.com",
        "pages.dev",
        "web.app",
        "notion.site",
        "jimdofree.com",
        "jimdosite.com",
        "godaddysites.com",
        "squarespace.com",
        "gov.gr",
        "sch.gr",
        "qq.com",
        "163.com",
        "126.com",
        "mailinator.com",
        "guerrillamail.com",
        "10minutemail.com",
        "yopmail.com",
    ]
)


def domain_of(address: str) -> str:
    """The domain of an e-mail address or web page in small ASCII letters, without ``www.``; "" where there is none."""
    host = address.rpartition("@")[2] if "@" in address and "://" not in address else _host(address)
    try:
        plain = host.strip().strip(".").lower().encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return plain.removeprefix("www.") if "." in plain else ""


def proves(email: str, recorded_email: str, recorded_page: str) -> bool:
    """Whether who holds ``email`` works for the organization with this mail address and page.

    The domain must be the very same: below one domain many may have theirs. Addresses at domains where
    everybody can have one count only when they are that very address.
    """
    email, recorded_email = email.strip().lower(), recorded_email.strip().lower()
    if email and email == recorded_email:
        return True
    own = domain_of(email)
    if not own or own in PUBLIC:
        return False
    return own in {domain_of(recorded_email), domain_of(recorded_page)}


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
