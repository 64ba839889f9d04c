#!/usr/bin/env python3
"""Writes the samples that the import tests read: small, invented conversations in the formats of other programs.

Usage: make_samples.py [DIRECTORY]     (default: samples/ beside this script)

The formats are described in the headers of app/exchange; nothing here comes from a real conversation. Every run writes
the same bytes.
"""
import argparse
import io
import json
import pathlib
import struct
import zipfile

ROOT = pathlib.Path(__file__).parent / "samples"
START = 1_735_689_600  # 2025-01-01T00:00:00Z


def dump(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


# --- ChatGPT ---------------------------------------------------------------------------------------------------------

def gpt_node(identifier, parent, children, role=None, content=None, at=None, **more):
    message = None
    if role:
        message = {
            "id": identifier, "author": {"role": role, "name": None, "metadata": {}},
            "create_time": at, "update_time": None, "content": content,
            "status": more.pop("status", "finished_successfully"), "end_turn": True, "weight": 1.0,
            "metadata": more.pop("metadata", {}), "recipient": more.pop("recipient", "all"), "channel": None,
        }
    return {"id": identifier, "message": message, "parent": parent, "children": children}


def words(*parts):
    return {"content_type": "text", "parts": list(parts)}


def gpt_bread():
    model = {"model_slug": "gpt-4o"}
    nodes = [
        gpt_node("root", None, ["sys"]),
        gpt_node("sys", "root", ["ctx"], "system", words(""), None,
                 metadata={"is_visually_hidden_from_conversation": True}),
        gpt_node("ctx", "sys", ["q1"], "user",
                 {"content_type": "user_editable_context", "user_profile": "", "user_instructions": "Be brief."}, None,
                 metadata={"is_visually_hidden_from_conversation": True}),
        # The younger answer's id sorts before the older one's: the order of children counts.
        gpt_node("q1", "ctx", ["z-older", "a-younger"], "user", words("How long does bread rise?"), START + 10.25),
        gpt_node("z-older", "q1", [], "assistant", words("About an hour."), START + 12.5, metadata=model),
        gpt_node("a-younger", "q1", ["q2"], "assistant",
                 words("An hour in a **warm** place.\ue200cite\ue202turn0search1\ue201 Two in a cold one."),
                 START + 20.75, metadata=model),
        gpt_node("q2", "a-younger", ["call"], "user",
                 {"content_type": "multimodal_text",
                  "parts": [{"content_type": "image_asset_pointer", "asset_pointer": "file-service://file-1"},
                            "Add up 250 and 125 grams, please \U0001F35E"]}, START + 30,
                 metadata={"attachments": [{"name": "dough.png", "id": "file-1", "size": 1200}]}),
        gpt_node("call", "q2", ["out"], "assistant",
                 {"content_type": "code", "language": "unknown", "text": "print(250 + 125)"}, START + 31,
                 recipient="python", metadata=model),
        gpt_node("out", "call", ["a2"], "tool", {"content_type": "execution_output", "text": "375\n"}, START + 32),
        gpt_node("a2", "out", [], "assistant", words("That makes 375 grams."), START + 33,
                 metadata=dict(model, finish_details={"type": "max_tokens"})),
    ]
    return {"title": "Bread", "create_time": START + 1.5, "update_time": START + 40.125,
            "mapping": {n["id"]: n for n in nodes}, "current_node": "a2", "is_archived": True,
            "conversation_id": "0a1b2c3d-0001-4000-8000-000000000001", "id": "0a1b2c3d-0001-4000-8000-000000000001"}


def gpt_thinking():
    model = {"model_slug": "gpt-5-2-thinking"}
    nodes = [
        gpt_node("r", None, ["q"]),
        gpt_node("q", "r", ["t"], "user", words("Is 91 prime?"), START + 100),
        gpt_node("t", "q", ["recap"], "assistant",
                 {"content_type": "thoughts", "thoughts": [{"summary": "Trying small primes", "content": "7 times 13."}],
                  "source_analysis_msg_id": "x"}, START + 101, metadata=model),
        gpt_node("recap", "t", ["a"], "assistant",
                 {"content_type": "reasoning_recap", "content": "Thought for 8 seconds"}, START + 109,
                 metadata=dict(model, finished_duration_sec=8)),
        gpt_node("a", "recap", [], "assistant", words("No: 91 is 7 times 13."), START + 110, metadata=model),
    ]
    return {"title": "Ninety-one", "create_time": START + 100, "update_time": None,
            "mapping": {n["id"]: n for n in nodes}, "current_node": "a",
            "conversation_id": "0a1b2c3d-0002-4000-8000-000000000002"}


def gpt_empty():
    return {"title": "New chat", "create_time": START + 200, "update_time": START + 200, "mapping": {
        "r": gpt_node("r", None, [])}, "current_node": "r", "conversation_id": "0a1b2c3d-0003-4000-8000-000000000003"}


def chatgpt(root):
    conversations = [gpt_bread(), gpt_thinking(), gpt_empty()]
    dump(root / "chatgpt" / "conversations.json", conversations)
    with zipfile.ZipFile(root / "chatgpt" / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (("chat.html", "<html></html>"), ("user.json", "{}"),
                              ("conversations.json", json.dumps(conversations))):
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)


# --- Open WebUI ------------------------------------------------------------------------------------------------------

def open_webui(root):
    thought = ("<details type=\"reasoning\" done=\"true\" duration=\"5\">\n<summary>Thought for 5 seconds</summary>\n"
               "&gt; quoted\n> A &lt; B means that A is less.\n</details>\nA is the smaller one.")
    tools = "<details type=\"tool_calls\" done=\"true\" id=\"1\" name=\"clock\">\n<summary>Done</summary>\n</details>\nNoon."
    messages = {
        "m1": {"id": "m1", "parentId": None, "childrenIds": ["m2", "m3"], "role": "user", "content": "Which is less?",
               "timestamp": START + 5, "models": ["llama3.2:1b", "qwen3:4b"],
               "files": [{"type": "file", "name": "ab.txt", "file": {"data": {"content": "A = 1\nB = 2\n"}}},
                         {"type": "image", "url": "data:image/png;base64,AAAA"}]},
        "m2": {"id": "m2", "parentId": "m1", "childrenIds": [], "role": "assistant", "content": "B.", "done": True,
               "model": "llama3.2:1b", "modelName": "llama3.2:1b", "timestamp": START + 6},
        "m3": {"id": "m3", "parentId": "m1", "childrenIds": ["m4"], "role": "assistant", "content": thought,
               "model": "qwen3:4b", "timestamp": START + 7, "done": True, "usage": {"prompt_tokens": 31},
               "sources": [{"source": {"name": "a page"}}]},
        "m4": {"id": "m4", "parentId": "m3", "childrenIds": ["m5", "m6"], "role": "user", "content": "What time is it?",
               "timestamp": START + 8},
        "m5": {"id": "m5", "parentId": "m4", "childrenIds": [], "role": "assistant", "content": tools,
               "model": "qwen3:4b", "timestamp": START + 9, "done": True},
        "m6": {"id": "m6", "parentId": "m4", "childrenIds": [], "role": "assistant", "content": "", "done": True,
               "model": "qwen3:4b", "timestamp": START + 10, "error": {"content": "The server is gone."}},
    }
    chat = {"id": "5f0c0001-0000-4000-8000-00000000000a", "user_id": "u", "title": "Less", "pinned": True,
            "archived": False, "created_at": START + 4, "updated_at": START + 11, "share_id": None, "folder_id": None,
            "meta": {"tags": []},
            "chat": {"id": "", "title": "Less", "models": ["qwen3:4b"], "params": {"system": "Answer in one sentence."},
                     "history": {"messages": messages, "currentId": "m5"}, "messages": [], "tags": [],
                     "timestamp": (START + 4) * 1000}}
    old = {"id": "5f0c0002-0000-4000-8000-00000000000b", "title": "Old list", "created_at": START, "updated_at": START,
           "chat": {"title": "Old list", "messages": [{"role": "user", "content": "Hello?"},
                                                      {"role": "assistant", "content": "Hello."}]}}
    dump(root / "open-webui" / "chat-export-1735689600000.json", [chat, old])


# --- LM Studio -------------------------------------------------------------------------------------------------------

def lm_studio(root):
    ms = (START + 50) * 1000

    def question(*texts, selected=0):
        return {"currentlySelected": selected, "versions": [
            {"type": "singleStep", "role": "user", "content": [{"type": "text", "text": t}]} for t in texts]}

    def block(text, at, **more):
        return dict({"type": "contentBlock", "stepIdentifier": f"{at}-0.25", "content": [
            {"type": "text", "text": text, "fromDraftModel": False, "tokensCount": 3, "isStructural": False}]}, **more)

    def stats(reason):
        return {"genInfo": {"indexedModelIdentifier": "qwen/qwen3-4b", "stats": {
            "stopReason": reason, "tokensPerSecond": 20.5, "timeToFirstTokenSec": 0.5, "promptTokensCount": 17,
            "predictedTokensCount": 9, "totalTokensCount": 26}}}

    def answer(*versions, selected=0):
        return {"currentlySelected": selected, "versions": [
            {"type": "multiStep", "role": "assistant", "senderInfo": {"senderName": "qwen3-4b"}, "steps": steps}
            for steps in versions]}

    thinking = {"style": {"type": "thinking", "ended": True, "title": "Thought for 2.50 seconds"}, "prefix": "<think>",
                "suffix": "</think>"}
    conversation = {
        "name": "Planets", "pinned": False, "createdAt": ms, "tokenCount": 26, "systemPrompt": "You like astronomy.",
        "lastUsedModel": {"identifier": "qwen3-4b", "indexedModelIdentifier": "qwen/qwen3-4b"}, "preset": "",
        "messages": [
            question("Which planet is biggest?"),
            answer([block("Saturn.", ms + 1000, **stats("eosFound"))],
                   [block("Jupiter is, I think.", ms + 2000, **thinking), block("Jupiter.", ms + 4500, **stats("eosFound")),
                    {"type": "debugInfoBlock", "stepIdentifier": "1-0.5", "debugInfo": "named by prompt"}], selected=1),
            question("And the smallest?", "And the smallest one?", selected=1),
            answer([block("Mercury", ms + 9000, **stats("userStopped")),
                    {"type": "contentBlock", "stepIdentifier": f"{ms + 9500}-0.5",
                     "content": [{"type": "toolCallRequest", "name": "look_up", "parameters": {}}]}]),
        ]}
    dump(root / "lm-studio" / f"{ms}.conversation.json", conversation)


# --- Jan -------------------------------------------------------------------------------------------------------------

def jan(root):
    folder = root / "jan" / "threads" / "jan_1735689700"
    dump(folder / "thread.json", {
        "id": "jan_1735689700", "object": "thread", "title": "Tea", "created": START + 100, "updated": START + 130,
        "assistants": [{"assistant_id": "jan", "assistant_name": "Jan", "instructions": "You are kind.",
                        "model": {"id": "llama3.2-1b-instruct", "settings": {}, "parameters": {"temperature": 0.7}}}],
        "metadata": {"lastMessage": "Stopped"}})

    def line(identifier, role, text, at, **more):
        return json.dumps(dict({
            "id": identifier, "object": "thread.message", "thread_id": "jan_1735689700", "role": role,
            "content": [{"type": "text", "text": {"value": text, "annotations": []}}], "status": "ready",
            "created_at": at, "completed_at": at}, **more))

    lines = [line("01A", "user", "How hot should water for green tea be?", (START + 110) * 1000),
             line("01B", "assistant", "<think>\nNot boiling.\n</think>\n\nAbout 80 degrees.", (START + 115) * 1000),
             line("01C", "user", "And black tea?", (START + 120) * 1000, attachments=[{"file_id": "f"}]),
             "{\"id\": \"01D\", \"role\": \"assist",
             line("01E", "assistant", "Boiling", (START + 125) * 1000, status="stopped")]
    (folder / "messages.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


# --- GPT4All ---------------------------------------------------------------------------------------------------------

class Stream:
    """What QDataStream writes: big-endian, strings as UTF-16 behind their length in bytes."""

    def __init__(self):
        self.out = io.BytesIO()

    def pack(self, form, *values):
        self.out.write(struct.pack(">" + form, *values))
        return self

    def string(self, text):
        if text is None:
            return self.pack("I", 0xFFFFFFFF)
        data = text.encode("utf-16-be")
        self.pack("I", len(data))
        self.out.write(data)
        return self

    def data(self, value):
        self.pack("I", len(value))
        self.out.write(value)
        return self


def gpt4all_item(s, version, name, value, attachments=(), sources=0, subitems=(), error=False, stopped=False):
    if version < 12:
        s.pack("i", 0)
    s.string(name).string(value)
    if version < 10:
        s.string("")
    s.string("").pack("????", False, stopped, False, False)
    if version >= 11 and name == "Response: ":
        s.pack("?", error)
    if version >= 8:
        s.pack("q", sources)
        for number in range(sources):
            for text in ("papers", "/papers", "a.pdf", "A paper", "", "", f"Excerpt {number}"):
                s.string(text)
            s.pack("iii", 1, -1, -1)
    else:
        s.string("").pack("I", 0)
    if version >= 10:
        s.pack("q", len(attachments))
        for url, content in attachments:
            s.data(url).data(content)
    if version >= 12:
        gpt4all_subitems(s, subitems)


def gpt4all_subitems(s, subitems):
    s.pack("q", len(subitems))
    for name, value, more, below in subitems:
        s.string(name).string(value)
        if name == "Think: ":
            s.pack("i", more)
        elif name == "ToolCall: ":
            s.string("javascript_interpret").pack("q", 1).string("code").pack("i", 0)
            s.pack("I?", 10, False).string("1 + 1")  # a QVariant that holds a string
            s.string(more).pack("i", 0).string(None)
        gpt4all_subitems(s, below)


def gpt4all_head(version, identifier, title, state=b""):
    s = Stream()
    s.pack("Ii", 0xF5D553CC, version).pack("q", START + 300)
    s.string(identifier).string(title).string("You").string("Llama 3.2 1B Instruct")
    s.pack("I", 1).string("papers")
    if version < 11:
        s.pack("?", bool(state)).pack("ii", 3, 0).string("").string("").pack("I", 0)
        if state:
            s.pack("II", 7, 2048)
            if version < 9:
                s.pack("Q", 2).pack("ff", 0.5, 0.25)
            s.pack("Q", 3).pack("iii", 1, 2, 3).data(state)
    return s


def gpt4all(root):
    folder = root / "gpt4all"
    folder.mkdir(parents=True, exist_ok=True)
    for version, state in ((8, b"state"), (10, b"")):
        s = gpt4all_head(version, f"v{version}0f00-1", f"Version {version}", state)
        s.pack("i", 2)
        attachments = [(b"file:///home/somebody/numbers.txt", b"1 2 3\n"), (b"file:///x.xlsx", b"PK\x03\x04\x00\xff")]
        gpt4all_item(s, version, "Prompt: ", "What is Qt?", attachments if version >= 10 else ())
        gpt4all_item(s, version, "Response: ", "A toolkit \u2014 for C++ \U0001F642.", sources=1, stopped=True)
        (folder / f"gpt4all-v{version}0f00-1.chat").write_bytes(s.out.getvalue())
    s = gpt4all_head(12, "v120f00-1", "Version 12")
    s.pack("i", 4)
    gpt4all_item(s, 12, "Prompt: ", "What is 1 + 1?", sources=2)
    gpt4all_item(s, 12, "Response: ", "It is 2.", subitems=(
        ("Response: ", "", None, (("Text: ", "Let me see.", None, ()), ("Think: ", "<think>A sum.</think>", 1500, ()))),
        ("Response: ", "", None, (("ToolCall: ", "1 + 1", "2", ()),)),
        ("ToolResponse: ", "2", None, ())))
    gpt4all_item(s, 12, "Prompt: ", "And then?")
    gpt4all_item(s, 12, "Response: ", "The model couldn't be loaded.", error=True)
    (folder / "gpt4all-v120f00-1.chat").write_bytes(s.out.getvalue())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", nargs="?", type=pathlib.Path, default=ROOT)
    root = parser.parse_args().directory
    for make in (chatgpt, open_webui, lm_studio, jan, gpt4all):
        make(root)


if __name__ == "__main__":
    main()
