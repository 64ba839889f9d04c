-- The index of every word, for search.
-- Its tables need the tokenizer "alcuin" (tokenizer.cpp), which every connection of this program has.

-- Which place in the index each finished message has. The number grows with the message's time, so that walking the
-- index backwards gives the newest first; see search_index.cpp. A message that isn't here isn't in the index.
CREATE TABLE search_documents (
    document INTEGER NOT NULL PRIMARY KEY,
    sequence INTEGER NOT NULL UNIQUE
) STRICT;

-- The words alone (content = ''): the text stands in `parts` already. Whoever takes a message out gives the index the
-- same text that it got.
CREATE VIRTUAL TABLE search_words USING fts5 (
    text, content = '', columnsize = 0, tokenize = 'alcuin'
);

-- Titles are few and short: these keep their own text.
CREATE TABLE search_title_places (
    place           INTEGER NOT NULL PRIMARY KEY,
    conversation_id TEXT    NOT NULL UNIQUE
) STRICT;

CREATE VIRTUAL TABLE search_titles USING fts5 (title, tokenize = 'alcuin');

CREATE TRIGGER search_title_added AFTER INSERT ON conversations BEGIN
    INSERT INTO search_title_places (conversation_id) VALUES (new.id);
    INSERT INTO search_titles (rowid, title)
        SELECT place, new.title FROM search_title_places WHERE conversation_id = new.id;
END;

CREATE TRIGGER search_title_changed AFTER UPDATE OF title ON conversations WHEN old.title <> new.title BEGIN
    UPDATE search_titles SET title = new.title
        WHERE rowid = (SELECT place FROM search_title_places WHERE conversation_id = new.id);
    INSERT OR REPLACE INTO search_upkeep (task, value) SELECT 'tidy titles', 0 WHERE old.title <> '';
END;

CREATE TRIGGER search_title_removed BEFORE DELETE ON conversations BEGIN
    DELETE FROM search_titles WHERE rowid = (SELECT place FROM search_title_places WHERE conversation_id = old.id);
    DELETE FROM search_title_places WHERE conversation_id = old.id;
    INSERT OR REPLACE INTO search_upkeep (task, value) VALUES ('tidy titles', 0);
END;

-- What is still to be done, in the background: 'fill' is the sequence below which messages aren't in the index yet;
-- 'tidy' and 'tidy titles' say that the index still holds words of what was taken out of it (1: it is being rewritten).
CREATE TABLE search_upkeep (
    task  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO search_title_places (conversation_id) SELECT id FROM conversations ORDER BY updated_at;
INSERT INTO search_titles (rowid, title)
    SELECT p.place, c.title FROM search_title_places AS p JOIN conversations AS c ON c.id = p.conversation_id
    ORDER BY p.place;
INSERT INTO search_upkeep (task, value) SELECT 'fill', max(sequence) + 1 FROM messages HAVING max(sequence) IS NOT NULL;
