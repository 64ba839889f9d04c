#!/usr/bin/env python3
"""Makes the tokenizer goldens in tests/golden/tokenizer with the reference implementation, `tokenizers` from PyPI.

    pip install tokenizers==0.23.3 gguf==0.19.0 numpy
    python3 make_tokenizer.py --model SmolLM2-135M-Instruct.Q4_1.gguf --vocabularies llama.cpp/models

--vocabularies is a folder with ggml-vocab-{llama-bpe,qwen2,starcoder}.gguf and, beside each, llama.cpp's own test of it
(.inp and .out): the tokenizers built here must give those ids before anything is written. starcoder stands in for
smollm there, as llama.cpp cuts both in the same way and has no vocabulary of smollm's.

Written:
  corpus.json     the texts: {"text"}, {"hex", "repaired"} for bytes that aren't UTF-8, {"repeat", "times"}
  splits.json     per pre-tokeniser and text the lengths of the pieces in bytes
  ids_<name>.json per text its ids as plain text ("plain"), and a few texts with special tokens recognised ("special")
Texts that aren't UTF-8 are repaired by Python's errors="replace" first.
"""

import argparse
import json
import pathlib
import random
import sys

from gguf import GGUFReader
from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers

LLAMA_PATTERN = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)
CONTROL, USER_DEFINED = 3, 4

HAND_WRITTEN = [
    "", " ", "  ", "   ", "\t", "\n", "\r", "\r\n", "\n\n", "\n \n", " \n", "\n ", "  \n\n  x", "\t\tx", " \t x", "a \r\n b",
    "a\r\rb\n\n\nc", "trailing   ", "trailing\n", "trailing \n ", "x\v\fy", "\x00", "\x01\x02\x03", "a\x04b", "\x7f", "\x1c\x1d\x1e\x1f",
    "Hello, world!", " Hello", "Hello  world", "The capital of France is Paris.", "naïve café, coöperate; Zürich",
    "I'm sure they're what he'd say we've said; it's y'all's, don't!", "I'M SURE THEY'RE WHAT HE'D SAY WE'VE SAID, IT'LL",
    "'s 't 're 've 'm 'll 'd", "'S 'T 'RE 'VE 'M 'LL 'D", "'Re 'rE 'Ve 'vE 'Ll 'lL", "'\u017f x'\u017fy", "'x '1 '' '\n 'é ''s", "rock'n'roll o'clock",
    "\u2019s don\u2019t it\u2019ll", "'", "''", "'l", "'r", "'v", "a'", "a 's", "a  's", "1's 22'll",
    "1", "12", "123", "1234", "12345", "1234567890", "3.14159", "1,234,567.89", "0x1F", "1e-9", " 1", "  1", "a  1", "a\t1", "a\n1", "1 2  3   4", "1\n2",
    "\u00b2\u00b3\u00b9 \u00bd \u2167 \u0663\u0664 \u4e00\u4e8c\u4e09 \u096a\u096b \u2460\u24ff", "x\u00b2+y\u00b2=z\u00b2", "\U0001d7d8\U0001d7d9\U0001d7da",
    "\U00011de0\U00011de5 x\U00016ff4y \U00011de1",
    "for (int i = 0; i < n; ++i) {\n\tsum += a[i];\n}\n", "def f(x):\n    return x ** 2  # square\n\n\nprint(f(3))\n",
    "#include <vector>\r\nint main()\r\n{\r\n    return 0;\r\n}\r\n", "<div class=\"a\">&nbsp;</div><!-- x -->", "SELECT * FROM t WHERE a<>'b''c';",
    "{\"key\": [1, 2.5, null, true], \"s\": \"\\u00e9\\n\"}", "https://example.org/a?b=c&d=%20#e", "a@b.example", "C:\\Users\\x\\file.txt", "/usr/share/doc",
    "snake_case camelCase PascalCase SCREAMING_CASE kebab-case", "!!! ??? ... --- === ### ***", "a.b,c;d:e", "$ € £ ¥ ₹ ₿", "→ ⇒ ∀x∈ℝ: √x² = |x|", "«quoted» „so“ “and” ‘so’",
    "# Title\n\n- one\n- two\n  - three\n\n```python\nx = 1\n```\n\n| a | b |\n|---|---|\n", "...\n\n", "!\r\n\r\n!", "}\n\n}", "?\n ?", "x\n\ny", "#\n\n\n#",
    "😀", "😀😀 😀", "👩‍👩‍👧‍👦 👩🏽‍🚀 🏳️‍🌈 🏴‍☠️", "🇩🇪🇫🇷 🇯🇵", "❤️ ❤ ☎️ 1️⃣ #️⃣", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", "a😀b 1😀2", "👍🏿👍🏻", "🫠🪿🫨",
    "e\u0301 a\u0308\u0323 o\u0302\u0303", "n\u0303\u0303\u0303", "Z\u0351\u036b\u0343\u036aA\u0321\u034a", "\u0301\u0302 start", " \u0301", "1\u0301", "\u1100\u1161\u11a8 \uac01", "ﬁ ﬂ ﬀ ﬃ Å Å Å",
    "Привет, мир! Как дела?", "Γειά σου Κόσμε· τι κάνεις;", "שלום עולם, מה שלומך?", "שָׁלוֹם", "مرحبا بالعالم، كيف حالك؟", "مُحَمَّد ١٢٣", "سلام دنیا ۱۲۳", "ہیلو دنیا", "नमस्ते दुनिया १२३", "হ্যালো বিশ্ব ১২৩",
    "ਸਤ ਸ੍ਰੀ ਅਕਾਲ", "નમસ્તે વિશ્વ", "ନମସ୍କାର", "வணக்கம் உலகம்", "నమస్కారం ప్రపంచం", "ನಮಸ್ಕಾರ ಪ್ರಪಂಚ", "നമസ്കാരം ലോകം", "ආයුබෝවන් ලෝකය", "สวัสดีชาวโลก ๑๒๓", "ສະບາຍດີຊາວໂລກ", "བཀྲ་ཤིས་བདེ་ལེགས།", "မင်္ဂလာပါ ကမ္ဘာ ၁၂၃",
    "გამარჯობა მსოფლიო", "Բարեւ աշխարհ", "ሰላም ዓለም ፩፪፫", "សួស្តីពិភពលោក ១២៣", "ᠰᠠᠶᠢᠨ ᠪᠠᠶᠢᠨᠠ\u180e ᠤᠤ", "你好,世界!今天是2024年1月15日。", "繁體中文測試", "こんにちは世界、元気ですか?", "カタカナ ヒラガナ ｶﾀｶﾅ", "안녕하세요 세계", "𠀀𠀁𪜀𫝀 𰀀", "ᏣᎳᎩ ᏗᎪᏪᎵ", "ᚠᚢᚦᚨᚱᚲ", "𐌰𐌱𐌲 𐤀𐤁 𓀀𓀁 𒀀𒀁", "ⵜⵉⴼⵉⵏⴰⵖ", "ꆈꌠꁱꂷ", "ߒߞߏ ߁߂", "𞤀𞤁𞤂 𞥐", "ᱥᱟᱱᱛᱟᱲᱤ", "Xin chào thế giới, tiếng Việt",
    "İstanbul ıI ſs ß ẞ ǅ", "\u200b\u200c\u200d\u2060\ufeff", "a\u200bb\u200cc\u200dd\ufeffe", "\u202eabc\u202c \u2066x\u2069", "\u200f\u200e", "soft\u00adhyphen", "a\u00a0b\u2003c\u3000d\u2028e\u2029f\u0085g\u1680h\u205fi\u202fj",
    "\u00a0\u00a0x", "\u3000\u3000", "x\u3000 \u3000y", " \u0085\n\u2028 z", "\u2028\u2028x", "\ue000\uf8ff \U000f0000\U0010fffd", "\ufffe\uffff\ufdd0 \U0001fffe\U0010ffff", "\ufffd", "\ufffd\ufffd x", "\U00040000\U00090000", "\u0378\u0379",
    "<|im_start|>system\nYou are helpful.<|im_end|>\n", "<|endoftext|>", "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n", "<|im_start", "|im_end|>", "<<|im_end|>>", "[PAD151646] x", "</s><s>[INST] <think></think>", "<repo_name><reponame>",
    "It was late when the two of them came down from the hill, and neither had said a word since the bridge. \"You might have told me,\" she began; he didn't answer. The lamps along the quay were lit already, one after another, and in the water every one of them stood on its head.\n\nAt ten o'clock - or was it eleven? - they reached the inn. It had 3 rooms, 12 beds and (so the landlord claimed) 1,250 bottles of wine.\n",
    "Die Straßenbahn fährt um 7:45 Uhr ab; wer sie verpaßt, muß bis zum Nachmittag warten. Ärger gibt's dann auch noch.", "Où est passé l'été ? Qu'est-ce que c'est que ça ? J'ai déjà mangé aujourd'hui.", "¿Cómo estás? ¡Qué día! Mañana será otro año.",
]

REPEATS = [(" ", 1), (" ", 3), (" ", 200), ("\n", 200), ("\t", 99), ("\r\n", 60), (" \n", 50), ("0", 1000), ("7", 301), ("a", 20000), ("ab", 5000), ("A", 999),
           ("=", 5000), ("-", 77), ("é", 300), ("中", 500), ("😀", 100), ("\u0301", 200), ("a ", 300), ("'s", 100), ("hello", 300), ("\u00a0", 64), ("<|im_end|>", 20), ("\u200d", 50)]

NOT_UTF8 = ["80", "ff", "c0 80", "c1 bf", "61 80 62", "61 ff fe 62", "c3", "c3 28", "e2 82", "e2 82 28", "e2 28 a1", "e0 80 80", "e0 9f bf", "ed a0 80", "ed bf bf 78", "ed a0 bd ed b8 80", "f0 9f 98", "f0 9f 98 f0 9f 98 80",
            "f0 80 80 80", "f0 28 8c bc", "f4 90 80 80", "f5 80 80 80", "f8 88 80 80 80", "fc 84 80 80 80 80", "61 f1 80 80 e1 80 c2 62 80 63 80 bf 64", "e1 80 e2 f0 91 92 f1 bf 41", "20 c3 20 c3", "c3 a9 c3", "e4 b8 ad e4 b8", "f3 a0 81", "27 c5 27 73", "31 80 32", "0a ed 0a"]

SPECIAL = {
    "smollm": ["<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n", "<|endoftext|>", "a<|endoftext|>b", " <|im_end|> ", "<|im_end|><|im_end|>", "<<|im_end|>>", "<|im_end|", "<reponame><repo_name><file_sep>x"],
    "llama-bpe": ["<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|>", "a<|end_of_text|>b", "<|reserved_special_token_1|><|reserved_special_token_10|><|reserved_special_token_100|>", "<|reserved_special_token_1", " <|eot_id|> 123"],
    "qwen2": ["<|im_start|>user\nHi<|im_end|>\n", "<|endoftext|>[PAD151646]<|im_end|>", "[PAD151646", "x[PAD151647]y 12"],
}


def generated(seed):
    """Random strings that put every kind of character beside every other."""
    rng = random.Random(seed)
    letters = "abzABZéßñçœŁжЩΩשعहअ中文한글ひカกภ𐌰𝔸ſ"
    numbers = "0123456789²½٣४Ⅷ①𝟘"
    spaces = " \t\n\r\v\f\u0085\u00a0\u1680\u2003\u2028\u202f\u3000"
    others = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~€“”…→😀🏽\u200d\ufe0f\u0301\u0940\u200b\u00ad\ue000\U0010ffff"
    contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'LL", "'Re", "'\u017f"]
    pools = [letters, letters, numbers, spaces, "   \n", others, contractions]
    texts = []
    for _ in range(400):
        parts = []
        for _ in range(rng.randint(1, 24)):
            pool = rng.choice(pools)
            parts.append("".join(rng.choice(pool) for _ in range(rng.choice([1, 1, 1, 2, 3, 5]))))
        texts.append("".join(parts))
    return texts


def sampled_code_points():
    """Every 23rd character of the BMP, all of the crowded blocks, and some of the other planes, between others."""
    points = set(range(0x16, 0x10000, 23)) | set(range(0x250)) | set(range(0x2000, 0x2070)) | set(range(0x3000, 0x3040))
    points |= set(range(0x10000, 0x20000, 211)) | set(range(0x20000, 0x110000, 9973))
    points = [p for p in sorted(points) if not 0xD800 <= p <= 0xDFFF]
    return ["".join(f"a{chr(p)}1 {chr(p)}" for p in points[i:i + 32]) for i in range(0, len(points), 32)]


def broken(seed, texts):
    """Texts with bytes cut, added or changed so that they aren't UTF-8 any more."""
    rng = random.Random(seed)
    result = []
    while len(result) < 120:
        data = bytearray(rng.choice(texts)[:40].encode())
        for _ in range(rng.randint(1, 4)):
            at = rng.randrange(len(data) + 1)
            if rng.random() < 0.4:
                del data[at:at + rng.randint(1, 2)]
            else:
                data.insert(at, rng.randrange(0x80, 0x100))
        try:
            bytes(data).decode()
        except UnicodeDecodeError:
            result.append(bytes(data))
    return result


def make_corpus():
    corpus = [{"text": t} for t in HAND_WRITTEN]
    corpus += [{"repeat": r, "times": n} for r, n in REPEATS]
    random_texts = generated(20240217)
    corpus += [{"text": t} for t in random_texts + sampled_code_points()]
    for data in [bytes.fromhex(h) for h in NOT_UTF8] + broken(7, random_texts + HAND_WRITTEN):
        corpus.append({"hex": data.hex(), "repaired": data.decode(errors="replace")})
    return corpus


def text_of(entry):
    if "repeat" in entry:
        return entry["repeat"] * entry["times"]
    return entry.get("text", entry.get("repaired"))


def pre_tokenizer(kind):
    if kind == "smollm":
        return pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ])
    pattern = LLAMA_PATTERN if kind == "llama-bpe" else LLAMA_PATTERN.replace(r"\p{N}{1,3}", r"\p{N}")
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated", False),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])


class Reference:
    """The reference tokenizer of one GGUF's vocabulary: `plain` knows its user-defined tokens only."""

    def __init__(self, path, kind):
        fields = GGUFReader(path).fields
        tokens = fields["tokenizer.ggml.tokens"].contents()
        types = fields["tokenizer.ggml.token_type"].contents()
        merges = [tuple(m.split(" ", 1)) for m in fields["tokenizer.ggml.merges"].contents()]
        vocabulary = {t: i for i, t in enumerate(tokens)}
        self.plain = self._build(vocabulary, merges, kind)
        self.special = self._build(vocabulary, merges, kind)
        user = [t for t, y in zip(tokens, types) if y == USER_DEFINED]
        control = [t for t, y in zip(tokens, types) if y == CONTROL]
        for tokenizer in (self.plain, self.special):
            tokenizer.add_tokens([AddedToken(t, normalized=False) for t in user])
        self.special.add_special_tokens([AddedToken(t, normalized=False) for t in control])

    @staticmethod
    def _build(vocabulary, merges, kind):
        model = models.BPE(vocab=vocabulary, merges=merges, ignore_merges=kind == "llama-bpe")
        tokenizer = Tokenizer(model)
        tokenizer.pre_tokenizer = pre_tokenizer(kind)
        return tokenizer


def ids(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


def cross_check(reference, base):
    """Against what llama.cpp expects of this vocabulary."""
    texts = pathlib.Path(str(base) + ".inp").read_bytes().decode().split("\n__ggml_vocab_test__\n")
    rows = pathlib.Path(str(base) + ".out").read_text().split("\n")
    different = 0
    for text, row in zip(texts, rows):
        expected = [int(i) for i in row.split()]
        if ids(reference.plain, text) != expected:
            different += 1
            print(f"{base.name}: {text!r}: {ids(reference.plain, text)} here, {expected} in llama.cpp", file=sys.stderr)
    print(f"{base.name}: {len(texts)} texts against llama.cpp, {different} different")
    if different:
        sys.exit(1)


def write(path, value):
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("],[", "],\n[").replace("},{", "},\n{") + "\n")
    print(f"{path.name}: {path.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, type=pathlib.Path, help="SmolLM2-135M-Instruct.Q4_1.gguf")
    parser.add_argument("--vocabularies", required=True, type=pathlib.Path, help="folder of ggml-vocab-*.gguf, .inp, .out")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path(__file__).parent / "tokenizer")
    arguments = parser.parse_args()

    paths = {"smollm": arguments.model}
    for name in ("llama-bpe", "qwen2"):
        paths[name] = arguments.vocabularies / f"ggml-vocab-{name}.gguf"
    references = {name: Reference(path, name) for name, path in paths.items()}
    for name in ("llama-bpe", "qwen2"):
        cross_check(references[name], paths[name])
    starcoder = arguments.vocabularies / "ggml-vocab-starcoder.gguf"
    cross_check(Reference(starcoder, "smollm"), starcoder)

    arguments.out.mkdir(exist_ok=True)
    corpus = make_corpus()
    texts = [text_of(entry) for entry in corpus]
    write(arguments.out / "corpus.json", corpus)
    write(arguments.out / "splits.json", {
        name: [[len(piece) for piece, _ in pre_tokenizer(name).pre_tokenize_str(text)] for text in texts]
        for name in paths
    })
    for name, reference in references.items():
        write(arguments.out / f"ids_{name}.json", {
            "plain": [ids(reference.plain, text) for text in texts],
            "special": [{"text": text, "ids": ids(reference.special, text)} for text in SPECIAL[name]],
        })


if __name__ == "__main__":
    main()
