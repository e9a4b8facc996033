"""The service of `service.rs`, as FastAPI has it: what the envelope `Detail` is compared with.

Prints its port, then Python's version, each on a line of its own, and ends when its standard input
does, so that it does not outlive a test that was killed.
"""

import enum
import os
import sys
import threading
from typing import Annotated

import fastapi
import pydantic
import uvicorn

app = fastapi.FastAPI(docs_url=None, redoc_url=None, openapi_url=None)


class Priority(str, enum.Enum):
    low = "low"
    medium = "medium"
    high = "high"
    urgent = "urgent"


class Item(pydantic.BaseModel):
    name: str
    qty: int


class Ticket(pydantic.BaseModel):
    subject: str
    priority: Priority
    items: list[Item] = []
    note: str | None = None
    score: float = 0.0
    open: bool = True
    counts: dict[str, int] = {}


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")
    name: str


class Tree(pydantic.BaseModel):
    value: int
    children: list["Tree"] = []


@app.post("/tickets")
def create(ticket: Ticket):
    return {"subject": ticket.subject}


@app.get("/tickets/{ticket_id}")
def read(ticket_id: int):
    return {"id": ticket_id}


@app.api_route("/tickets/{ticket_id}/note", methods=["GET", "PUT", "DELETE"])
def note(ticket_id: int):
    return {"id": ticket_id}


@app.patch("/tickets/{ticket_id}/items")
def add(ticket_id: int, notify: bool, item: Item):
    return {"id": ticket_id}


@app.get("/search")
def search(
    q: str,
    limit: int = 10,
    exact: bool = False,
    ratio: float = 1.0,
    priority: Priority | None = None,
    tag: list[int] = fastapi.Query([]),
):
    return {"q": q, "limit": limit}


@app.get("/traced")
def traced(x_depth: Annotated[int, fastapi.Header()]):
    return {"depth": x_depth}


@app.get("/seen")
def seen(visits: Annotated[int, fastapi.Cookie()]):
    return {"visits": visits}


@app.post("/strict")
def strict(body: Strict):
    return {"name": body.name}


@app.post("/trees")
def trees(tree: Tree):
    return {"value": tree.value}


@app.get("/fails/{status}")
def fails(status: int, detail: str | None = None):
    raise fastapi.HTTPException(status, detail)


@app.get("/coded")
def coded():
    raise fastapi.HTTPException(403, {"code": "NO_ACCESS", "message": "Not yours"})


@app.get("/challenged")
def challenged():
    raise fastapi.HTTPException(401, "Invalid API key", {"WWW-Authenticate": "Bearer"})


@app.get("/spent")
def spent():
    raise fastapi.HTTPException(429, "Slow down", {"Retry-After": "12"})


@app.get("/panics")
def panics():
    raise RuntimeError("the database password is hunter2")


def end_with_the_test():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_test, daemon=True).start()
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    socket = config.bind_socket()
    socket.listen()  # whoever reads the port may connect at once
    print(socket.getsockname()[1], "%d.%d" % sys.version_info[:2], sep="\n", flush=True)
    uvicorn.Server(config).run(sockets=[socket])
