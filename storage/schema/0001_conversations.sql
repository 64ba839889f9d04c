-- Conversations, the trees of messages in them, and settings.
-- Ids are UUIDs as text; times are milliseconds since 1970 in UTC; roles, states and kinds are the words of
-- row_mapping.cpp, so that a file can be read without this program.

CREATE TABLE conversations (
    id           TEXT    NOT NULL PRIMARY KEY,
    title        TEXT    NOT NULL,
    title_source TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    deleted_at   INTEGER,
    active_leaf  TEXT    REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
    draft        TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX conversations_listed ON conversations (updated_at DESC) WHERE deleted_at IS NULL;
CREATE INDEX conversations_deleted ON conversations (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX conversations_by_leaf ON conversations (active_leaf);

-- `sequence` is the order of creation: a child's is larger than its parent's, a younger sibling's than an older one's.
-- parent_id doesn't cascade: a chain longer than SQLite's trigger depth (1000) couldn't be deleted.
CREATE TABLE messages (
    sequence        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    id              TEXT    NOT NULL UNIQUE,
    conversation_id TEXT    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id       TEXT    REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
    role            TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    error           TEXT    NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX messages_by_place ON messages (conversation_id, parent_id);
CREATE INDEX messages_by_parent ON messages (parent_id);
CREATE INDEX messages_streaming ON messages (state) WHERE state = 'streaming';

CREATE TABLE parts (
    message_id  TEXT    NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    media_type  TEXT    NOT NULL,
    data        BLOB    NOT NULL,
    duration_ms INTEGER NOT NULL,
    PRIMARY KEY (message_id, position)
) STRICT;

-- `tokens` holds little-endian 32-bit integers; `seed` and `vocabulary_hash` are unsigned numbers in signed columns.
CREATE TABLE generations (
    message_id             TEXT    NOT NULL PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    model_name             TEXT    NOT NULL,
    model_path             TEXT    NOT NULL,
    parameters             TEXT    NOT NULL,
    seed                   INTEGER NOT NULL,
    vocabulary_hash        INTEGER NOT NULL,
    tokens                 BLOB    NOT NULL,
    prompt_tokens          INTEGER NOT NULL,
    cached_tokens          INTEGER NOT NULL,
    context_length         INTEGER NOT NULL,
    queue_ms               REAL    NOT NULL,
    prefill_ms             REAL    NOT NULL,
    time_to_first_token_ms REAL    NOT NULL,
    decode_ms              REAL    NOT NULL
) STRICT;

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
