CREATE TABLE credentials (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
    tenant TEXT NOT NULL,
    scopes TEXT NOT NULL,
    is_session INTEGER NOT NULL,
    is_revoked INTEGER NOT NULL
);

CREATE TABLE tickets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    subject TEXT NOT NULL,
    priority TEXT NOT NULL
);

-- What was opened under an idempotency key, as it was then.
CREATE TABLE openings (
    tenant TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    id INTEGER NOT NULL,
    subject TEXT NOT NULL,
    priority TEXT NOT NULL,
    PRIMARY KEY (tenant, idempotency_key)
);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    tenant TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL
);

-- The demo's: `printf hd_acme_full | sha256sum`, hd_acme_read, hd_globex_full, hd_revoked, and the
-- session hs_acme. Real ones are made by `ApiKeys::generate`.
INSERT INTO credentials (digest, tenant, scopes, is_session, is_revoked) VALUES
    (X'903410d3672cc10c70457e5dd3cf1fd3ee9e4b063303026ab877aef0e81c71d4',
        'acme', 'tickets:read tickets:write kb:write', 0, 0),
    (X'c674e7891029d5eb1f1755924fe39163093eab09b5eb3f13dd3b9fad54019799',
        'acme', 'tickets:read', 0, 0),
    (X'65ece4aa13d63bfc9f88818eea1973a4bbf6bd2766ec1c01e6f0a0aedb4520de',
        'globex', 'tickets:read tickets:write kb:write', 0, 0),
    (X'c81edfa84910aacb3d8b1bec9827b6c37f1f4e29c3c0b29575c43b69025eca75',
        'acme', 'tickets:read tickets:write kb:write', 0, 1),
    (X'a98adb4d54dd226187a1a35735d25fcc91cd6103415dca39549b90c2956c2547',
        'acme', '', 1, 0);

INSERT INTO tickets (tenant, subject, priority) VALUES
    ('acme', 'The anvil is late', 'high'),
    ('acme', 'The rocket went the wrong way', 'urgent'),
    ('globex', 'Where is the volcano?', 'low');

PRAGMA user_version = 1;
