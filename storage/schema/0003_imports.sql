-- Where conversations that were taken in from elsewhere came from, so that none is taken in twice.

CREATE TABLE imports (
    source          TEXT    NOT NULL,
    source_id       TEXT    NOT NULL,
    fingerprint     INTEGER NOT NULL,
    imported_at     INTEGER NOT NULL,
    conversation_id TEXT    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    PRIMARY KEY (source, source_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX imports_by_conversation ON imports (conversation_id);
