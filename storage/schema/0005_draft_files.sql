-- Files that stand beside a question that isn't sent yet.

CREATE TABLE draft_files (
    conversation_id TEXT    REFERENCES conversations (id) ON DELETE CASCADE, -- NULL: the one that isn't begun yet
    position        INTEGER NOT NULL,
    name            TEXT    NOT NULL,
    media_type      TEXT    NOT NULL,
    text            TEXT    NOT NULL
) STRICT;

CREATE INDEX draft_files_by_conversation ON draft_files (conversation_id, position);
