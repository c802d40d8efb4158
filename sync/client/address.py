"""Where the server is, from what a person typed."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from app.domain.errors import Refused

TEXT_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """``url`` has no path and no trailing slash."""

    url: str
    is_encrypted: bool
    is_loopback: bool

    @property
    def is_safe(self) -> bool:
        """Nobody on the way can read along or change anything."""
        return self.is_encrypted or self.is_loopback


def parse_address(text: str) -> ServerAddress:
    """``shop.example``, ``https://shop.example:8470``, ``http://127.0.0.1:8470/``. Without a scheme it is https, on this machine http.

    Raises Refused("server_url").
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"//{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused("server_url", text=typed[:TEXT_MAX]) from error
    is_loopback = _is_loopback(host)
    scheme = parts.scheme.lower() or ("http" if is_loopback else "https")
    is_plain = not (parts.username or parts.password or parts.query or parts.fragment) and parts.path in (
        "",
        "/",
    )
    if scheme not in ("http", "https") or not _is_host(host) or not is_plain or len(typed) > TEXT_MAX:
        raise Refused("server_url", text=typed[:TEXT_MAX])
    shown = f"[{host}]" if ":" in host else host
    return ServerAddress(
        f"{scheme}://{shown}" + (f":{port}" if port is not None else ""), scheme == "https", is_loopback
    )


def _is_host(host: str) -> bool:
    if ":" in host:
        try:
            return bool(ip_address(host))
        except ValueError:
            return False
    try:
        named = host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return bool(named) and all(character.isalnum() or character in "-._" for character in named)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
