"""Snippets of the template language, for make_chat_templates.py. Each is rendered with CONTEXT as variables."""

CONTEXT = {
    "name": "Ada",
    "text": "  Hello, World!\nSecond line\t ",
    "words": "the quick brown fox",
    "unicode": "Straße ΌΣΟΣ ﬁn İi ǆ 漢字 🙂 ñ",
    "quotes": "it's \"quoted\" \\ back\u00a0\u200b\u0007",
    "html": "<a href=\"x\">Tom & 'Jerry'</a>",
    "empty": "",
    "n": 7,
    "neg": -7,
    "x": 3.5,
    "big": 12345678901234567890,
    "tiny": 1e-7,
    "huge": 1e22,
    "flag": True,
    "nothing": None,
    "nums": [3, 1, 2, 10, 2],
    "mixed": ["b", "A", "c", "B"],
    "nested": {"a": {"b": [10, {"c": "deep"}]}, "items": "shadowed", "k-1": 5},
    "people": [
        {"name": "bob", "age": 30, "city": "Rome", "tags": ["x", "y"]},
        {"name": "Al", "age": 25, "city": "oslo", "tags": []},
        {"name": "cy", "age": 30, "city": "Oslo", "admin": True},
    ],
    "tree": [{"v": 1, "c": [{"v": 2, "c": [{"v": 3, "c": []}]}, {"v": 4, "c": []}]}, {"v": 5, "c": []}],
    "matrix": [[1, 2], [3, 4]],
    "longer": {"zeta": 1, "Alpha": [1, 2.0, None, True, "é\n"], "mid": {}, "list": [], "f": 0.1},
    "sentence": "one two  three   four five six seven eight nine ten",
}

# One expression a line: each becomes {{ expression }}.
EXPRESSIONS = r"""
1 + 2 * 3
(1 + 2) * 3
7 / 2
6 / 2
7 // 2
-7 // 2
7 // -2
7 % 3
-7 % 3
7 % -3
7.5 // 2
-7.5 % 2
7.5 % -2
2 ** 10
2 ** -1
2 ** 3 ** 2
-2 ** 2
2 ** 0.5
10 - 3 - 2
1e3
1.0
1_000_000
0x1F
0b101
0o17
1.5e-7
1e16
1e15
123456789.123456789
0.1 + 0.2
1e400
3.0 * 2
true + 1
n + x
n / 0
n // 0
n % 0
x // 0
9223372036854775807
-9223372036854775807
+5
-n
--n
-x
not n
not nothing
1 < 2 < 3
1 < 2 > 3
1 == 1.0
1 == true
'a' < 'b'
'a' == "a"
1 != 2
nums == [3, 1, 2, 10, 2]
[1, 2] < [1, 3]
[1] == (1,)
(1, 2) == (1, 2)
{'a': 1} == {'a': 1.0}
1 < 'a'
nothing < 1
nothing == none
1 in nums
11 in nums
11 not in nums
'lo' in 'hello'
1 in 'hello'
'a' in nested
'z' in nested
'x' in nothing
'x' in missing
true and 'yes'
0 or 'no'
'' or nothing
n and name
nothing and name
missing or 'fallback'
'a' ~ 1 ~ none ~ true ~ 1.0
'a' 'b' "c"
'a' + 'b'
'a' + 1
1 + 'a'
'ab' * 3
3 * 'ab'
'ab' * -1
[1] * 3
[1] + [2, 3]
(1,) + (2,)
[1] + (2,)
name if flag else 'x'
name if not flag else 'x'
name if nothing
(name if nothing) is defined
'a' if false else 'b' if false else 'c'
[1, 'a', none, true, 1.5]
(1,)
()
(1, 2)
{}
{'a': 1, 'b': [1, 2], 3: none}
{'a': 1, 'a': 2}
{[1]: 2}
{1: 'a', 1.0: 'b', true: 'c'}
[1, 2,]
{'a': 1,}
nums[0]
nums[-1]
nums[10]
nums[10] is defined
nums['a']
nums[1:3]
nums[:2]
nums[-2:]
nums[::-1]
nums[::2]
nums[4:0:-2]
nums[1:100]
nums[100:]
nums[::0]
nums[none:2]
nums['a':]
words[4:9]
words[::-1]
words[-3:]
words[::3]
unicode[0:6]
unicode[::-1]
unicode[-3]
words[0]
words[99] is undefined
nothing[1:]
missing[1:]
nested[1:]
nested.a.b[1].c
nested['a']['b'][0]
nested.a.b.1.c
nested['items']
nested.items()
nested.items is callable
nested['k-1']
nested.nope
nested.nope.deeper
nested.nope is defined
missing
missing.x
missing['x']
missing + 1
missing == missing
missing()
missing|length
missing is none
nothing.x
nothing.x.y
name.nope
n.nope is undefined
name()
nums.append(1)
nums.append
nums.append is defined
nested.update({})
nested.pop('a')
name.__class__
name.__class__.__mro__
nums.index(2)
nums.index(99)
nums.count(2)
nums.copy()
nested.keys()
nested.keys()|list
nested.values()|list|length
nested.get('a').b[0]
nested.get('zz')
nested.get('zz', 'dflt')
nested.get()
nested.get('a', default=1)
nested.items()|list|length
text.strip()
text.lstrip()
text.rstrip()
'xxhixx'.strip('x')
'xyhiyx'.lstrip('xy')
'xyhiyx'.rstrip('yx')
text.strip(none)
words.split()
words.split(' ')
words.split(' ', 1)
words.split(maxsplit=2)
words.split('q')[-1]
words.split('')
words.rsplit(' ', 1)
words.rsplit(none, 2)
sentence.split()
sentence.split(none, 3)
sentence.rsplit(none, 3)
sentence.split(' ')
'a,b,,c'.split(',')
'a,b,,c'.rsplit(',', 2)
''.split()
''.split(',')
text.splitlines()
'a\r\nb\rc\n\nd\u2028e'.splitlines()
'a\nb\n'.splitlines(true)
words.startswith('the')
words.startswith(('a', 'the'))
words.startswith('quick', 4)
words.endswith('fox')
words.endswith(('x', 'y'))
words.endswith(['x'])
words.startswith(1)
words.replace('quick', 'slow')
words.replace('o', '0', 1)
'aaa'.replace('', '-')
'aaa'.replace('a', '')
'éé'.replace('', '-')
words.find('q')
words.find('zz')
words.find('o', 13)
words.rfind('o')
words.index('q')
words.index('zz')
words.count('o')
words.count('')
unicode.find('漢')
', '.join(['a', 'b'])
', '.join([1])
'-'.join('abc')
words.upper()
unicode.upper()
unicode.lower()
unicode.title()
unicode.capitalize()
unicode.swapcase()
unicode.casefold()
words.title()
"it's a test".title()
'HELLO wORLD'.capitalize()
'prefix-body'.removeprefix('prefix-')
'body.txt'.removesuffix('.txt')
'body'.removesuffix('')
'123'.isdigit()
'12a'.isdigit()
'²'.isdigit()
'²'.isdecimal()
'½'.isnumeric()
'漢'.isalpha()
''.isalpha()
'a1'.isalnum()
' \t\u00a0'.isspace()
'ABC'.isupper()
'abc1'.islower()
'Title Case'.istitle()
'a_b'.isidentifier()
'1ab'.isidentifier()
'é'.isascii()
'a\n'.isprintable()
'x'.center(7, '*')
'xx'.center(7)
'x'.ljust(4, '.') + '|'
'x'.rjust(4) + '|'
'42'.zfill(5)
'-42'.zfill(5)
'a=b=c'.partition('=')
'a=b=c'.rpartition('=')
'abc'.partition('x')
'a\tb'.expandtabs(4)
'{} {}'.format('a', 1)
'{1} {0}'.format('a', 'b')
'{a} {b!r}'.format(a='x', b='y')
'{:>8}|{:<8}|{:^8}|'.format('a', 'b', 'c')
'{:*^9}'.format('mid')
'{:05d} {:+d} {:x} {:#X} {:o} {:b}'.format(42, 42, 255, 255, 8, 5)
'{:,} {:_}'.format(1234567, 1234567)
'{:.2f} {:.3e} {:g} {:%}'.format(3.14159, 31415.9, 0.0001, 0.25)
'{:10.3f}|{:<10.1f}|{:+.1f}'.format(3.14159, 2.55, 1.0)
'{0[0]} {0[1]}'.format([1, 2])
'{p[name]} {p.age}'.format(p=people[0])
'{{}} {}'.format(1)
'{:{}}'.format('a', 5) + '|'
'{} {0}'.format(1)
'{'.format(1)
'{x}'.format(1)
'{:d}'.format('a')
'{:s}'.format(1)
'{!s:>5}'.format(12)
'{:.2}'.format('abcdef')
'{:c}'.format(65)
'{}'.format(none)
'{}'.format([1, 'a'])
'%s is %d' % ('a', 3)
'%s' % 'a'
'%s' % [1, 2]
'%5s|%-5s|' % ('a', 'b')
'%05d %+d %x %X %o' % (42, 42, 255, 255, 8)
'%.2f %e %g' % (3.14159, 31415.9, 0.0001)
'%(a)s-%(b)r' % {'a': 1, 'b': 'x'}
'%d%%' % 50
'%s %s' % 'a'
'%s' % ('a', 'b')
'%d' % 'a'
'%d' % 3.9
'%c%c' % ('a', 66)
'%.3s' % 'abcdef'
'%q' % 1
'%*d' % (5, 42)
'%r' % 'q'
'%i' % true
text|trim
'--a--'|trim('-')
name|upper
name|lower
12|upper
words|title
"foo-bar (baz) it's"|title
'fOO bAR'|capitalize
words|replace('o', '0')
words|replace('o', '0', 1)
'a1b1'|replace(1, 2)
nums|length
words|length
unicode|length
nested|length
n|length
nums|count
missing|count
missing|last is undefined
missing|reverse|list
nums|truncate(3)
nums|truncate(1, leeway=0)
'0x1f'|int(0, 'b')
'12.5'|int(0, 99)
words % nums
words % missing
'<%s>' % missing
'<%d>' % missing
nums|sort(missing)
words % (1,)
words % range(2)
nums|first
nums|last
[]|first
[]|last is undefined
'abc'|first
'abc'|last
nested|first
nested|last
nums|join(', ')
nums|join
people|join(', ', attribute='name')
['a', none, missing, 1.0, true]|join('|')
nums|sort
nums|sort(reverse=true)
mixed|sort
mixed|sort(case_sensitive=true)
people|sort(attribute='age')|map(attribute='name')|join(',')
people|sort(attribute='age,name')|map(attribute='name')|join(',')
people|sort(attribute='age', reverse=true)|map(attribute='name')|join(',')
[1, 'a']|sort
nested|sort
nums|unique|list
mixed|unique|list
['a', 'A', 'b']|unique|list
['a', 'A', 'b']|unique(true)|list
people|unique(attribute='age')|map(attribute='name')|list
nums|reverse|list
words|reverse
nums|sum
people|sum(attribute='age')
people|sum('age', 100)
[]|sum
[0.1, 0.2]|sum
['a']|sum
nums|min
nums|max
mixed|min
mixed|max
mixed|max(case_sensitive=true)
people|max(attribute='age')
[]|max is undefined
people|map(attribute='name')|list
people|map(attribute='tags.0')|list
people|map(attribute='admin', default='no')|list
mixed|map('lower')|list
mixed|map('replace', 'A', 'Z')|list
nums|map('string')|join('-')
nums|map|list
nums|map('nope')|list
matrix|map('first')|list
matrix|map(attribute=1)|list
nums|select('odd')|list
nums|select('greaterthan', 2)|list
nums|select('in', [1, 2])|list
[0, 1, '', 'a', none]|select|list
nums|reject('even')|list
[0, 1, none]|reject|list
people|selectattr('admin')|map(attribute='name')|list
people|selectattr('admin', 'defined')|map(attribute='name')|list
people|selectattr('age', 'equalto', 30)|map(attribute='name')|list
people|selectattr('age', '>', 26)|map(attribute='name')|list
people|rejectattr('admin')|map(attribute='name')|list
people|rejectattr('age', 'eq', 30)|map(attribute='name')|list
people|selectattr('name', 'nope')|list
people|selectattr|list
people|groupby('age')|length
people|groupby('city')|map(attribute='grouper')|list
people|groupby('city', case_sensitive=true)|map('first')|list
people|groupby('admin', default=false)|map(attribute=0)|list
nums|batch(2)|list
nums|batch(2, 'x')|list
nums|slice(2)|list
nums|slice(3, 'x')|list
range(5)|batch(3)|map('list')|list
nested|dictsort|map('first')|list
{'b': 1, 'A': 2}|dictsort
{'b': 1, 'A': 2}|dictsort(true)
{'b': 1, 'A': 2}|dictsort(by='value')
{'b': 1, 'A': 2}|dictsort(reverse=true)
nums|dictsort
{'a': 1}|items|list
missing|items|list
nums|items|list
'abc'|list
nested|list
n|list
nested|tojson
longer|tojson
longer|tojson(indent=2)
longer|tojson(indent=4, sort_keys=true)
longer|tojson(separators=(',', ':'))
longer|tojson(ensure_ascii=true)
unicode|tojson
unicode|tojson(ensure_ascii=true)
quotes|tojson
html|tojson
missing|tojson
nums|map('string')|tojson
range(3)|tojson
(1, 2)|tojson
{1: 2, none: 3, true: 4, 1.5: 5}|tojson
{(1, 2): 3}|tojson
[]|tojson(indent=2)
[[], {}]|tojson(indent='\t')
big|tojson
tiny|tojson
huge|tojson
[1.0, 100.0, 1e100, 0.00001, 123456.789]|tojson
'42'|int
'42.9'|int
'abc'|int
'abc'|int(-1)
'0x1f'|int(0, 16)
'101'|int(0, 2)
' 42 '|int
'1_000'|int
3.99|int
-3.99|int
true|int
nothing|int(5)
'3.5'|float
'abc'|float
'abc'|float(1.5)
'1e3'|float
'inf'|float
'nan'|float
3|float
42.5|round
43.5|round
2.675|round(2)
42.55|round(1, 'floor')
42.51|round(1, 'ceil')
1234|round(-2)
1234.5|round(-2)
42|round
5|round('x')
-5|abs
-5.5|abs
'a'|abs
1|string + 'x'
none|string
nums|string
text|indent
'a\nb\n\nc'|indent
'a\nb\n\nc'|indent(2, true)
'a\nb\n\nc'|indent(2, blank=true)
'a\nb'|indent('> ', true)
'a\n'|indent
''|indent
html|e
html|escape|escape
html|escape|string|length
html|forceescape
html|safe
'<b>'|safe + '<i>'
'<i>' + '<b>'|safe
('<b>'|safe) ~ '<i>'
'<b>%s</b>'|safe|format('<i>')
('<b>'|safe).join(['<', '>'])
html is escaped
html|safe is escaped
[html|safe]
'%s-%s'|format('a', 1)
'%(a)s'|format(a=5)
words|wordcount
"it's one_two three"|wordcount
sentence|truncate(20)
sentence|truncate(20, true)
sentence|truncate(20, false, '!', 0)
sentence|truncate(2)
'short'|truncate(3, leeway=5)
'x'|center(5) + '|'
'a b&c/é'|urlencode
{'a b': 'c/d', 'e': 1}|urlencode
[('a', 1)]|urlencode
nested|attr('items') is callable
nested|attr('a') is defined
name|attr('upper') is defined
missing|default('d')
missing|d('d')
''|default('d')
''|default('d', true)
nothing|default('d')
nothing|default('d', boolean=true)
missing|default
nums|pprint
{'b': 1, 'a': [1]}|pprint
1000000|filesizeformat
1000000|filesizeformat(true)
1|filesizeformat
999|filesizeformat
{'class': 'a b', 'id': none, 'x': '"'}|xmlattr
nested.a|nope
nested.a|tojson|length
name|upper|lower|title
missing is defined
missing is undefined
name is defined
nothing is none
nothing is not none
name is string
n is string
n is number
x is number
flag is number
n is integer
flag is integer
x is float
flag is boolean
n is boolean
flag is true
flag is false
1 is true
nested is mapping
nums is mapping
nums is sequence
name is sequence
nested is sequence
n is sequence
nums is iterable
n is iterable
nothing is iterable
nums|map('string') is iterable
nums|map('string') is sequence
range is callable
name is callable
n is odd
n is even
neg is odd
n is divisibleby 7
n is divisibleby(2)
n is divisibleby 0
n is eq 7
n is equalto 8
n is ne 8
n is lt 8
n is ge 7
n is gt(7)
n is le 7
n is lessthan 3
n is in nums
2 is in nums
2 is in(nums)
'a' is lower
'A' is upper
'1' is upper
none is sameas none
true is sameas true
1 is sameas true
nums is sameas nums
'tojson' is filter
'nope' is filter
'odd' is test
n is nope
n is not odd
not n is odd
'a' is odd
n is string is string
range(5)|list
range(2, 8, 3)|list
range(5, 0, -2)|list
range(0)|list
range(3)
range(1, 10, 2)
range(10)[3]
range(10)[-1]
range(10)[2:5]
range(10)|length
range(5) is sequence
range(1, 2, 0)
range(1000000)
range('a')
3 in range(5)
dict(a=1, b=2)
dict([('a', 1), ('b', 2)])
dict({'a': 1}, b=2)
dict(1)
dict()
namespace(a=1).a
namespace({'a': 1}, b=2).b
namespace(a=1).nope is defined
namespace(_a=1)
namespace(a=1)
strftime_now('%Y-%m-%d %H:%M:%S')
strftime_now('%d %b %Y, %A %B %j %I %p %y %e|%-d|%f|%%')
strftime_now('%a %U %W %V %G %u %w %C %D %F %T %R %c %x %X')
raise_exception('stop here')
raise_exception('stop ' ~ n)
raise_exception(nested.nope)
big
big == 12345678901234567890.0
tiny
huge
x
flag
nothing
nums
nested
quotes
[quotes]
[unicode]
["it's"]
['"']
['\'"']
[[1, [2, {'a': (1,)}]]]
'\n\t\\ \' \" \x41 \u00e9 \U0001F600 \101 \q'
'a\
b'
{'a': {'b': 1}}.a.b
[1, 2, 3][1]
'abc'[1]
(1, 2)[0]
"a".upper()
[1, 2]|first + 1
1 + 2|string
'a' in ['a'] and 'b' in ['b']
not 'a' in ['b']
1 if 1 else 2 if 2 else 3
nums|length > 3
n > 5 and n < 10
(n > 5) ~ (n < 5)
people[0].tags
people[0]['tags'][1]
people|length - 1
people[people|length - 1].name
people[-1:][0].name
{'a': 1}['a'] + {'b': 2}.b
[x, n]|map('int')|list
loop
caller
lipsum is defined
1 if true
{{1}}
"unclosed
1 +
(1
[1, 2
{'a' 1}
a b
1.5.2
'a' is
n is divisibleby
nums|
nums|join(
nums[1
foo(a=1, 2)
foo(a=1, a=2)
foo(*nums, 1)
nums.
'{}'.format(*nums)
'{a}'.format(**{'a': 1})
dict(**{'a': 1}, b=2)
nums|join(d='-')
nums|join(nope=1)
@
a = 1
'\xZZ'
'\u12'
'a'.nope()
1()
not
""".strip("\n").split("\n")

# Whole templates.
STATEMENTS = [
    "{% if flag %}yes{% endif %}",
    "{% if not flag %}yes{% elif n == 7 %}seven{% else %}no{% endif %}",
    "{% if nothing %}a{% elif empty %}b{% endif %}",
    "{% if missing %}a{% else %}b{% endif %}",
    "{% for i in nums %}{{ i }},{% endfor %}",
    "{% for i in [] %}{{ i }}{% else %}none{% endfor %}",
    "{% for i in nums if i > 2 %}{{ loop.index }}/{{ loop.length }}:{{ i }} {% endfor %}",
    "{% for i in nums if i > 99 %}x{% else %}empty{% endfor %}",
    "{% for k, v in longer.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in nested %}{{ k }};{% endfor %}",
    "{% for a, b in matrix %}{{ a }}-{{ b }} {% endfor %}",
    "{% for a, b in nums %}{{ a }}{% endfor %}",
    "{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for i in n %}{{ i }}{% endfor %}",
    "{% for i in nothing %}{{ i }}{% endfor %}",
    "{% for i in missing %}{{ i }}{% else %}e{% endfor %}",
    "{% for c in unicode %}[{{ c }}]{% endfor %}",
    "{% for i in nums %}{{ loop.index }} {{ loop.index0 }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} {{ loop.length }}|{% endfor %}",
    "{% for i in nums %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {% endfor %}",
    "{% for i in nums %}{% if loop.previtem is defined %}{{ loop.previtem - i }}{% endif %}{% endfor %}",
    "{% for i in nums %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for i in [1, 1, 2, 2, 1] %}{% if loop.changed(i) %}{{ i }}{% endif %}{% endfor %}",
    "{% for r in tree recursive %}{{ r.v }}@{{ loop.depth }}{{ loop.depth0 }}({{ loop(r.c) }}){% endfor %}",
    "{% for r in nums %}{{ loop(nums) }}{% endfor %}",
    "{% for i in nums %}{% for j in matrix %}{{ loop.index }}{{ j[0] }}{% endfor %}{{ loop.index }};{% endfor %}",
    "{% for i in nums %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in nums %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
    "{% for i in nums %}{% for j in nums %}{% if j == 1 %}{% break %}{% endif %}{{ j }}{% endfor %};{% endfor %}",
    "{% for i in nums %}{% if i == 10 %}{% break %}{% endif %}{% else %}never{% endfor %}",
    "{% break %}",
    "{% for i in nums %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% continue %}",
    "{% set a = 1 %}{{ a }}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
    "{% set a, b = nums %}{{ a }}",
    "{% set a = 1, 2 %}{{ a }}",
    "{% set (a, b) = (1, 2) %}{{ a }}{{ b }}",
    "{% set a = 1 %}{% for i in nums %}{% set a = i %}{{ a }}{% endfor %}{{ a }}",
    "{% for i in [1, 2] %}{{ b is defined }}{% set b = i %}{{ b }}{% endfor %}{{ b is defined }}",
    "{% for i in [1, 2, 3] %}{% if i == 2 %}{% set name = 'x' %}{% endif %}{{ name }}{% endfor %}{{ name }}",
    "{% if true %}{% set a = 5 %}{% endif %}{{ a }}",
    "{% set ns = namespace(i=0, items=[]) %}{% for x in nums %}{% set ns.i = ns.i + x %}{% endfor %}{{ ns.i }}",
    "{% set ns = namespace(found=false) %}{% for x in nums %}{% if x == 10 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}",
    "{% set ns = namespace() %}{% set ns.a = 1 %}{% set ns.b, c = 2, 3 %}{{ ns.a }}{{ ns.b }}{{ c }}",
    "{% set ns = namespace() %}{% set ns._a = 1 %}",
    "{% set d = {} %}{% set d.a = 1 %}",
    "{% set d = {} %}{% set d['a'] = 1 %}",
    "{% set ns = namespace(a=1) %}{{ ns['a'] is defined }}{{ ns.a }}",
    "{% set block %}a{{ n }}b{% endset %}[{{ block }}]",
    "{% set block | upper | replace('A', 'X') %}a{{ n }}b{% endset %}[{{ block }}]",
    "{% set block %}{% set inner = 1 %}{{ inner }}{% endset %}{{ block }}{{ inner is defined }}",
    "{% macro m(a, b=2, c='x') %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(1) }}|{{ m(1, 3) }}|{{ m(1, c='z') }}|{{ m(b=5, a=6) }}",
    "{% macro m(a) %}{{ a is defined }}{{ a }}{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a.x }}{% endmacro %}{{ m() }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, 3, x=4) }}",
    "{% macro m() %}{{ varargs|join(',') }}{% endmacro %}{{ m(1, 2, 3) }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{% macro m(a, a) %}{% endmacro %}",
    "{% macro f(n) %}{{ n }}{% if n > 0 %}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(5) }}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{{ late }}{% endmacro %}{% set late = 'L' %}{{ a() }}",
    "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}body{{ n }}{% endcall %}",
    "{% macro m() %}{% for i in nums %}{{ caller(i, i * 2) }}{% endfor %}{% endmacro %}{% call(a, b=0) m() %}<{{ a }},{{ b }}>{% endcall %}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}",
    "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}",
    "{% call n %}x{% endcall %}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}",
    "{% macro m() %}  a  {% endmacro %}{{ m()|trim }}{{ m() + 'b' }}{{ m()|length }}",
    "{% macro m() %}{% set z = 1 %}{% endmacro %}{{ m() }}{{ z is defined }}",
    "{% set z = 1 %}{% macro m() %}{{ z }}{% endmacro %}{% set z = 2 %}{{ m() }}",
    "{% for i in [1, 2] %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% filter upper %}a{{ name }}{% endfilter %}",
    "{% filter replace('a', 'b')|upper %}aaa{% endfilter %}",
    "{% filter nope %}aaa{% endfilter %}",
    "{% filter trim %}\n  x  \n{% endfilter %}",
    "{% with a = 1, b = 2 %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}",
    "{% with a = 1 %}{% with a = 2, b = a %}{{ a }}{{ b }}{% endwith %}{% endwith %}",
    "{% raw %}{{ x }}{% if %}{% endraw %}",
    "{% raw -%}  a  {%- endraw %}b",
    "a  {%- raw %}  b  {% endraw -%}  c",
    "  {% raw %}\n x {{ y }}\n  {% endraw %}\nz",
    "{% raw %}",
    "{# comment #}a{#- x -#}  b",
    "a {#- c -#} b",
    "a\n{# c #}\nb",
    "a\n  {# c #}\nb\n  {#- d #}\n  c",
    "{# unclosed",
    "{#-#}a{#+#}b",
    "a {{- ' b ' -}} c",
    "a {%- if true -%} b {%- endif -%} c",
    "a\n  {% if true %}\n  b\n  {% endif %}\nc",
    "a\n  {%+ if true %}\n  b\n  {% endif +%}\nc",
    "a\n  {%- if true %}\n  b\n  {%- endif %}\nc",
    "  {{ n }}\n  {{ n }}\n",
    "\n\n{{ n }}\n\n",
    "a\n\t {% set z = 1 %}\t\nb",
    "a  {% set z = 1 %}  b",
    "a\r\nb\rc\n{% if true %}\r\nx{% endif %}",
    "{% if true %}\n\nx\n{% endif %}\n\n",
    "{{ n }}\n",
    "{{ n }}\n\n",
    "{{ '}}' }}",
    "{{ '{% x %}' }}",
    "{{ {'a': {'b': 1}} }}",
    "{{ {'a': {'b': 1}}}}",
    "{ { n } }",
    "{{ n }",
    "{{ n",
    "{% if true %}a",
    "{% if true %}{% endfor %}",
    "{% endif %}",
    "{% nope %}",
    "{% %}",
    "{{ }}",
    "{% if %}a{% endif %}",
    "{% for in x %}{% endfor %}",
    "{% for i nums %}{% endfor %}",
    "{% set = 1 %}",
    "{% set a %}",
    "{% set 1 = 2 %}",
    "{% set true = 2 %}",
    "{% set a = %}",
    "{% macro %}{% endmacro %}",
    "{% else %}",
    "{% if a %}{% else %}{% else %}{% endif %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% do nums %}",
    "{% print n, name %}",
    "{% generation %}gen {{ n }}{% endgeneration %}",
    "{% generation %}{% set g = 1 %}{% endgeneration %}{{ g is defined }}",
    "{% for i in nums %}{% generation %}{{ i }}{% endgeneration %}{% endfor %}",
    "{% set j = joiner('; ') %}{% for i in nums %}{{ j() }}{{ i }}{% endfor %}",
    "{% set j = joiner() %}{{ j() }}a{{ j() }}b",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.next() }}",
    "{% set c = cycler() %}",
    "{% set it = nums|map('string') %}{{ it|first }}{{ it|join(',') }}{{ it|list }}",
    "{% set it = nums|select('odd') %}{% if it %}truthy{% endif %}{{ it|list }}{{ it|list }}",
    "{% set it = []|select('odd') %}{% if it %}truthy{% endif %}",
    "{{ nums|select('odd')|length }}",
    "{{ (nums|select('odd'))[0] }}",
    "{% for i in nums|reverse %}{{ i }}{{ loop.length }}{% endfor %}",
    "{% for a, b in {'x': 1}|items %}{{ a }}{{ b }}{% endfor %}",
    "{% for g in people|groupby('age') %}{{ g.grouper }}:{% for p in g.list %}{{ p.name }} {% endfor %};{% endfor %}",
    "{% for age, group in people|groupby('age') %}{{ age }}:{{ group|length }};{% endfor %}",
    "{% for row in nums|batch(2, '-') %}{{ row|join(' ') }}\n{% endfor %}",
    "{% set x = 'a' if flag else 'b' %}{{ x }}",
    "{% set msgs = people[1:] %}{% for m in msgs %}{{ m.name }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% if name is defined and name %}{{ name }}{% endif %}",
    "{% if name is not string or n is string %}a{% else %}b{% endif %}",
    "{% if 'content' in people[0] or people[0]['name'] is defined %}a{% endif %}",
    "{{ 'a' if people[0].name == 'bob' and people|length > 2 else 'b' }}",
    "{% set t = '<think>why</think>answer' %}{{ t.split('</think>')[-1].lstrip('\\n') }}|{{ t.split('</think>')[0].split('<think>')[-1] }}",
    "{% set s = 'a' %}{% set s = s + 'b' %}{% set s = s ~ 'c' %}{{ s }}",
    "{{ name }}{{ '\\n' }}{{ name }}",
    "{% if flag %}{{ x|nope }}{% endif %}",
    "{% if not flag %}{{ x|nope }}{% endif %}ok",
    "{% if not flag %}{% for i in nums %}{{ i|nope }}{% endfor %}{% endif %}",
    "{{ (x|nope) if not flag else 'fine' }}",
    "{% if x is nope %}a{% endif %}",
    "{% if not flag %}{{ x is nope }}{% endif %}ok",
    "line1\nline2 {{ missing.attr }}",
    "{{ [1, 2, 3]|map('nope')|list }}",
    "{% set x = namespace(n=0) %}{% macro inc() %}{% set x.n = x.n + 1 %}{% endmacro %}{{ inc() }}{{ inc() }}{{ x.n }}",
    "{%- for m in people -%}\n  {{- m.name -}}\n{%- endfor -%}",
    "{%- if flag -%}\n  a\n{%- else -%}\n  b\n{%- endif -%}\n\nc",
    "  {%- set a = 1 -%}  \n  x",
    "{%- set a = 1 %}\n  x",
    "{{- n -}}\n\n{{- n }}",
    "x {{ n -}}   \n  y",
    "{% for i in range(3) -%}\n{{ i }}\n{%- endfor %}",
    "<div>\n    {% for i in range(2) %}\n    <p>{{ i }}</p>\n    {% endfor %}\n</div>",
    "{% set dict_list = [{'a': 1}, {'a': 2}] %}{{ dict_list|map(attribute='a')|sum }}",
    "{% macro render(o, d=0) %}{% if o is mapping %}{% for k, v in o|dictsort %}{{ '  ' * d }}{{ k }}:\n{{ render(v, d + 1) }}{% endfor %}{% else %}{{ '  ' * d }}{{ o }}\n{% endif %}{% endmacro %}{{ render({'b': {'c': 1}, 'a': 'x'}) }}",
    "{% for i in [3, 2, 1]|sort %}{% set outer = loop %}{% for j in 'ab' %}{{ outer.index }}{{ j }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{{ loop is defined }}{% for i in [1] %}{{ loop is defined }}{% endfor %}",
    "{% if true %}{# c #}\n{% endif %}x",
    "\u00a0{% if true %}x{% endif %}\u2003{%- if true %}y{% endif %}",
    "héllo {{ 'wörld' }} {{ '\\u00e9' }}",
    "{{ 1 }}{{ 2 }}\n{{ 3 }}",
    "{%if true%}a{%endif%}",
    "{{1}}{{'a'}}{{[1]}}",
    "{%- if true %} a {%+ endif %}",
    "{% set a = [1, 2] %}{% set b = a %}{{ a == b }}{{ a is sameas b }}",
    "{{ people[0].name.upper().lower()|title|length }}",
    "{% set content = '  x  ' %}{{ content | trim + '!' }}",
    "{{ 'a' | upper ~ 'b' | upper }}",
    "{{ -1|abs }}{{ (-1)|abs }}",
    "{{ 2 * n|string }}",
    "{% for i in (1, 2, 3) %}{{ i }}{% endfor %}",
    "{% for i in 1, 2, 3 %}{{ i }}{% endfor %}",
    "{% for i in nums[:2] + nums[-1:] %}{{ i }}{% endfor %}",
    "{% for item in [1] if item recursive %}{{ item }}{% endfor %}",
    "{{ {}.get('a', {}).get('b', 'c') }}",
    "{{ 'x' if [] else 'y' }}{{ 'x' if {} else 'y' }}{{ 'x' if 0.0 else 'y' }}{{ 'x' if '0' else 'y' }}",
    "{{ caller is undefined }}",
    "{% set caller = 5 %}{{ caller }}",
    "{{ (1, 2)|tojson }}{{ ('a', )|list }}",
    "{{ [1, 2, 3].index(2) }}{{ (1, 2, 2).count(2) }}",
    "{% if messages is defined %}{{ messages }}{% endif %}{{ tools is none }}{{ documents is none }}{{ add_generation_prompt }}",
    "{{ bos_token }}{{ eos_token }}",
]
