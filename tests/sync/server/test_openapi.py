"""The description of the endpoints is true, and requests drawn from it and around it are never answered with 5xx."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from sync.server.http import own_routes, sync_routes
from sync.server.office_http import office_routes
from sync.server.openapi import description
from tests.sync.server.shell import Running
from tests.sync.server.tills import Till

EXAMPLES = 12
CALLS_WITHOUT_DESCRIPTION = {"/office", "/office/{file}"}


def operations() -> list[tuple[str, str]]:
    return [(path, method) for path, methods in description()["paths"].items() for method in methods]


def test_every_endpoint_is_described(up: Running) -> None:
    routes = [*sync_routes(up.server), *office_routes(up.server), *own_routes(up.server)]
    served = {route.path.replace(":path", "") for route in routes} - CALLS_WITHOUT_DESCRIPTION
    assert served == set(description()["paths"])
    assert up.client.get("/openapi.json").json() == description()


@pytest.mark.parametrize(("path", "method"), operations())
def test_drawn_requests_are_never_answered_with_5xx(up: Running, path: str, method: str) -> None:
    schema = schemathesis.openapi.from_dict(description())
    operation = schema[path][method]
    tokens = (up.paired(Till(1)), up.staff("owner"), "x", "")
    drawn = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @settings(
        max_examples=EXAMPLES,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        deadline=None,
    )
    @given(case=drawn, token=st.sampled_from(tokens))
    def ask(case: Any, token: str) -> None:
        up.fake.now += 60_000
        kwargs = case.as_transport_kwargs(base_url="http://server")
        headers = {
            **dict(kwargs.get("headers") or {}),
            **({"authorization": f"Bearer {token}"} if token else {}),
        }
        body = kwargs.get("data")
        answer = up.client.request(
            kwargs["method"],
            kwargs["url"],
            headers={
                name: value
                for name, value in headers.items()
                if str(value).isascii() and str(value).isprintable()
            },
            params=kwargs.get("params"),
            json=kwargs.get("json"),
            content=body if isinstance(body, bytes | str) else None,
        )
        assert answer.status_code < 500, answer.text
        assert str(answer.status_code) in description()["paths"][path][method]["responses"]

    ask()
