"""The description of every endpoint (OpenAPI 3.1), made from the very types that requests are decoded with.

Tills send compressed MessagePack; the same messages are taken as JSON, bytes as Base64, for whoever wants to look.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import msgspec

from sync import protocol
from sync.server import office
from sync.server.wire import JSON

SYNC: Final = (
    ("pair", protocol.PairRequest, protocol.PairAnswer, "A one-use code becomes a key."),
    ("token", protocol.TokenRequest, protocol.TokenAnswer, "A signed challenge becomes a token for a quarter of an hour."),
    ("rotate", protocol.RotateRequest, protocol.PairAnswer, "Another key; the old one ends a day after the new one is first used."),
    ("push", protocol.PushRequest, protocol.PushAnswer, "Facts up; every record is answered by itself."),
    ("pull", protocol.PullRequest, protocol.PullAnswer, "The change feed down, in the order of the commits."),
    ("reconcile", protocol.ReconcileRequest, protocol.ReconcileAnswer, "Which entities the till holds otherwise."),
    ("snapshot", protocol.SnapshotRequest, protocol.SnapshotAnswer, "A new till's first filling, page by page."),
    ("lease", protocol.LeaseRequest, protocol.LeaseAnswer, "Stored value that this till alone may spend for a week."),
    ("introduce", protocol.PairRequest, protocol.PairAnswer, "A hub tells of a till that paired with it."),
    ("relay", protocol.PushRequest, protocol.PushAnswer, "A hub brings facts that a till of its store signed."),
)  # fmt: skip
WITHOUT_TOKEN: Final = ("pair", "token")
OFFICE_GET: Final = (
    ("stores", list[office.Store], "The stores, with their last contact.", ()),
    ("tills", list[office.Till], "The tills, with their last contact and what came from them.", ()),
    ("days", list[office.StoreDay], "Sales and members by store and day.", ("from", "to")),
    ("exceptions", list[office.Finding], "What a person should look at.", ("show",)),
    ("documents", list[office.Document], "The newest version of each document, with its hash.", ()),
)  # fmt: skip
REFUSED: Final = (400, 401, 403, 404, 405, 409, 413, 415, 429, 503)
_REF: Final = "#/components/schemas/{name}"


@cache
def description() -> dict[str, Any]:
    """The document that ``/openapi.json`` serves."""
    types: list[Any] = [kind for _, asked, said, _ in SYNC for kind in (asked, said)]
    types += [kind for _, kind, _, _ in OFFICE_GET]
    types += [office.Settlement, office.NewCode, office.Code, office.Version, protocol.Failure]
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = dict(zip(types, schemas, strict=True))
    paths: dict[str, Any] = {}
    for name, asked, said, summary in SYNC:
        operation = _operation(f"sync_{name}", summary, schema_of[said], schema_of[protocol.Failure])
        operation["requestBody"] = {
            "required": True,
            "content": {
                protocol.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary", "maxLength": protocol.BATCH_BYTES_MAX}},
                JSON: {"schema": schema_of[asked]},
            },
        }  # fmt: skip
        operation["security"] = [] if name in WITHOUT_TOKEN else [{"till": []}]
        paths[f"/sync/v1/{name}"] = {"post": operation}
    for name, kind, summary, parameters in OFFICE_GET:
        operation = _operation(f"office_{name}", summary, schema_of[kind], schema_of[protocol.Failure])
        operation["parameters"] = [_query(one) for one in parameters]
        operation["security"] = [{"office": []}]
        paths[f"/office/v1/{name}"] = {"get": operation}
    paths |= _office_changes(schema_of)
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Regulars central server", "version": f"{protocol.PROTOCOL}"},
        "paths": paths | _own(schema_of[protocol.Failure]),
        "components": {
            "schemas": components,
            "securitySchemes": {
                "till": {"type": "http", "scheme": "bearer", "description": "from /sync/v1/token"},
                "office": {"type": "http", "scheme": "bearer", "description": "of a person of the office"},
            },
        },
    }
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(document))
    return plain


def _office_changes(schema_of: dict[Any, Any]) -> dict[str, Any]:
    failure = schema_of[protocol.Failure]
    done = {"type": "object"}
    settle = _operation("office_settle", "Take an exception off the list. Needs a manager.", done, failure)
    settle |= {"parameters": [_path("id")], **_takes(schema_of[office.Settlement])}
    accept = _operation(
        "office_accept",
        "Take in what a till sent after its key was taken away. Needs a manager.",
        done,
        failure,
    )
    accept |= {"parameters": [_path("id")], **_takes(schema_of[office.Settlement])}
    revoke = _operation("office_revoke", "Take away every key of a till. Needs the owner.", done, failure)
    revoke |= {"parameters": [_path("id")]}
    code = _operation(
        "office_pairing_code", "A code that pairs one till. Needs a manager.", schema_of[office.Code], failure
    )
    code |= _takes(schema_of[office.NewCode])
    document = _operation(
        "office_document",
        "Another version of a document. Needs the owner.",
        schema_of[office.Version],
        failure,
    )
    document |= {"parameters": [_path("name", form="")], **_takes({"type": "object"})}
    return {
        "/office/v1/exceptions/{id}/settle": {"post": settle},
        "/office/v1/exceptions/{id}/accept": {"post": accept},
        "/office/v1/tills/{id}/revoke": {"post": revoke},
        "/office/v1/pairing-codes": {"post": code},
        "/office/v1/documents/{name}": {"put": document},
    }


def _own(failure: Any) -> dict[str, Any]:
    health = _operation("health", "Whether the server and its database answer.", {"type": "object"}, failure)
    metrics = _operation("metrics", "What this worker has done, for Prometheus.", {"type": "string"}, failure)
    metrics["responses"]["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}
    own = _operation("openapi", "This description.", {"type": "object"}, failure)
    return {
        "/health": {"get": health | {"security": []}},
        "/metrics": {"get": metrics | {"security": []}},
        "/openapi.json": {"get": own | {"security": []}},
    }


def _operation(operation_id: str, summary: str, said: Any, failure: Any) -> dict[str, Any]:
    refused = {"description": "Not done; the code says why.", "content": {JSON: {"schema": failure}}}
    content = {JSON: {"schema": said}}
    if operation_id.startswith("sync_"):
        content[protocol.MEDIA_TYPE] = {"schema": {"type": "string", "format": "binary"}}
    responses: dict[str, Any] = {"200": {"description": "Done.", "content": content}}
    responses |= {str(status): refused for status in REFUSED}
    return {
        "operationId": operation_id,
        "summary": summary,
        "responses": responses,
        "security": [{"office": []}],
    }


def _takes(schema: Any) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


def _query(name: str) -> dict[str, Any]:
    kinds = {"show": {"type": "string", "enum": ["open", "all"]}}
    return {
        "name": name,
        "in": "query",
        "required": False,
        "schema": kinds.get(name, {"type": "string", "format": "date"}),
    }


def _path(name: str, form: str = "uuid") -> dict[str, Any]:
    schema = {"type": "string", **({"format": form} if form else {})}
    return {"name": name, "in": "path", "required": True, "schema": schema}
