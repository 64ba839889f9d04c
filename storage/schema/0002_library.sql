-- Folders, pins and the archive; personas and snippets; what each conversation wants of a model; questions that wait;
-- summaries that stand for earlier turns. What a person removes gets a deleted_at and can be brought back until it is
-- purged.

CREATE TABLE folders (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

CREATE TABLE personas (
    id           TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    instructions TEXT    NOT NULL,
    parameters   TEXT    NOT NULL,
    model_path   TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    deleted_at   INTEGER
) STRICT;

CREATE TABLE snippets (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    text       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    deleted_at INTEGER
) STRICT;

ALTER TABLE conversations ADD COLUMN folder_id TEXT REFERENCES folders (id) ON DELETE SET NULL;
ALTER TABLE conversations ADD COLUMN pinned_at INTEGER;
ALTER TABLE conversations ADD COLUMN archived_at INTEGER;
ALTER TABLE conversations ADD COLUMN model_path TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN parameters TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN instructions TEXT NOT NULL DEFAULT '';
ALTER TABLE conversations ADD COLUMN persona_id TEXT REFERENCES personas (id) ON DELETE SET NULL;

CREATE INDEX conversations_by_folder ON conversations (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX conversations_by_persona ON conversations (persona_id) WHERE persona_id IS NOT NULL;

-- 1: a person rewrote this answer.
ALTER TABLE messages ADD COLUMN edited INTEGER NOT NULL DEFAULT 0;

CREATE TABLE queued (
    id              TEXT    NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    position        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE INDEX queued_by_place ON queued (conversation_id, position);

CREATE TABLE queued_parts (
    queued_id   TEXT    NOT NULL REFERENCES queued (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    kind        TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    media_type  TEXT    NOT NULL,
    data        BLOB    NOT NULL,
    duration_ms INTEGER NOT NULL,
    PRIMARY KEY (queued_id, position)
) STRICT;

-- The summary stands for every turn of a path up to and including last_message.
CREATE TABLE compactions (
    id              TEXT    NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    last_message    TEXT    NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    summary         TEXT    NOT NULL,
    model_name      TEXT    NOT NULL,
    created_at      INTEGER NOT NULL,
    active          INTEGER NOT NULL
) STRICT;

CREATE INDEX compactions_by_conversation ON compactions (conversation_id);
CREATE INDEX compactions_by_message ON compactions (last_message);
