"""The service of `main.rs`, as FastAPI has it: what the envelope `Detail` is compared with."""

import enum
import sys

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


@app.post("/tickets")
def create(ticket: Ticket):
    return {"subject": ticket.subject}


@app.get("/tickets/{ticket_id}")
def read(ticket_id: int):
    return {"id": ticket_id}


@app.get("/search")
def search(q: str, limit: int = 10, exact: bool = False, tag: list[int] = fastapi.Query([])):
    return {"q": q, "limit": limit}


@app.post("/strict")
def strict(body: Strict):
    return {"name": body.name}


@app.get("/fails/{status}")
def fails(status: int, detail: str | None = None):
    raise fastapi.HTTPException(status, detail)


if __name__ == "__main__":
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    socket = config.bind_socket()
    print(socket.getsockname()[1], flush=True)
    try:
        server.run(sockets=[socket])
    except KeyboardInterrupt:
        sys.exit(0)
