#include "math/tex/symbols_table.h"

namespace alcuin::ui::math {

const char kSymbolTable[] = R"(
g alpha 3B1
g beta 3B2
g gamma 3B3
g delta 3B4
g epsilon 3F5
g varepsilon 3B5 epsilon
g zeta 3B6
g eta 3B7
g theta 3B8
g vartheta 3D1 theta
g iota 3B9
g kappa 3BA
g varkappa 3F0 kappa
g lambda 3BB
g mu 3BC
g nu 3BD
g xi 3BE
g omicron 3BF
g pi 3C0
g varpi 3D6 pi
g rho 3C1
g varrho 3F1 rho
g sigma 3C3
g varsigma 3C2 sigma
g tau 3C4
g upsilon 3C5
g phi 3D5
g varphi 3C6 phi
g chi 3C7
g psi 3C8
g omega 3C9
g Gamma 393 capital gamma
g Delta 394 capital delta
g Theta 398 capital theta
g Lambda 39B capital lambda
g Xi 39E capital xi
g Pi 3A0 capital pi
g Sigma 3A3 capital sigma
g Upsilon 3A5 capital upsilon
g Phi 3A6 capital phi
g Psi 3A8 capital psi
g Omega 3A9 capital omega
g Alpha 391 capital alpha
g Beta 392 capital beta
g Epsilon 395 capital epsilon
g Zeta 396 capital zeta
g Eta 397 capital eta
g Iota 399 capital iota
g Kappa 39A capital kappa
g Mu 39C capital mu
g Nu 39D capital nu
g Omicron 39F capital omicron
g Rho 3A1 capital rho
g Tau 3A4 capital tau
g Chi 3A7 capital chi
o digamma,Digamma 3DD digamma
g nabla 2207 nabla
g partial 2202 partial
g imath 131 dotless i
g jmath 237 dotless j
o infty 221E infinity
o hbar 210F h bar
o hslash 210F h bar
o ell 2113 ell
o wp 2118 Weierstrass p
o Re 211C real part
o Im 2111 imaginary part
o aleph 2135
o beth 2136
o gimel 2137
o daleth 2138
o mho 2127
o emptyset,varnothing 2205 empty set
o prime 2032
o backprime 2035 back prime
o surd 221A root
o top 22A4
o bot 22A5 bottom
o angle 2220
o measuredangle 2221 measured angle
o sphericalangle 2222 spherical angle
o triangle 25B3
o triangledown 25BD triangle down
o blacktriangle 25B2 black triangle
o blacktriangledown 25BC black triangle down
o square,Box 25A1 square
o blacksquare,qedsymbol 25A0 black square
o lozenge,Diamond 25CA lozenge
o blacklozenge 29EB black lozenge
o bigstar 2605 star
o forall 2200 for all
o exists 2203 there exists
o nexists 2204 there is no
o neg,lnot 00AC not
o complement 2201
o flat 266D
o natural 266E
o sharp 266F
o clubsuit 2663 clubs
o diamondsuit 2662 diamonds
o heartsuit 2661 hearts
o spadesuit 2660 spades
o eth 00F0
o Finv 2132
o Game 2141
o Bbbk 1D55C k
o checkmark 2713 check mark
o maltese 2720
o circledR 00AE registered
o circledS 24C8
o degree 00B0 degrees
o pounds 00A3
o yen 00A5
o euro 20AC
o S 00A7 section
o P 00B6 paragraph
o copyright 00A9
o vdots 22EE and so on
o diagup 2571
o diagdown 2572
o % 25 percent
o $ 24 dollar
o # 23 number sign
o & 26 and
o _ 5F underscore
o backslash 5C backslash
o lbrack 5B left bracket
o AA,Angstrom 00C5 angstrom
o ss 00DF s s
o aa 00E5 a ring
o ae 00E6
o AE 00C6
o oe 0153
o OE 0152
o o 00F8 o slash
o O 00D8 capital o slash
o i 131 dotless i
o j 237 dotless j
o dag 2020 dagger
o ddag 2021 double dagger
o textdegree 00B0 degrees
o Vert 2016 double bar
o | 2016 double bar
o vert 7C bar
p colon 3A colon
p ldotp 2E dot
p cdotp 22C5 dot
b pm 00B1 plus or minus
b mp 2213 minus or plus
b times 00D7
b div 00F7 divided by
b ast 2217 asterisk
b star 22C6 star
b circ 2218 circle
b bullet 2219
b cdot,centerdot 22C5 times
b cap 2229 intersection
b cup 222A union
b uplus 228E union plus
b sqcap 2293 square cap
b sqcup 2294 square cup
b vee,lor 2228 or
b wedge,land 2227 and
b setminus,smallsetminus 2216 without
b wr 2240 wreath product
b diamond 22C4
b bigtriangleup 25B3 triangle
b bigtriangledown 25BD triangle down
b triangleleft 25C3 triangle left
b triangleright 25B9 triangle right
b lhd 22B2 normal subgroup of
b rhd 22B3 has as a normal subgroup
b unlhd 22B4
b unrhd 22B5
b oplus 2295 circled plus
b ominus 2296 circled minus
b otimes 2297 circled times
b oslash 2298 circled slash
b odot 2299 circled dot
b bigcirc 25EF circle
b dagger 2020
b ddagger 2021 double dagger
b amalg 2A3F amalgam
b barwedge 22BC
b veebar 22BB exclusive or
b doublebarwedge 2A5E
b Cap,doublecap 22D2
b Cup,doublecup 22D3
b curlyvee 22CE
b curlywedge 22CF
b dotplus 2214 dot plus
b divideontimes 22C7
b ltimes 22C9 left semidirect product
b rtimes 22CA right semidirect product
b leftthreetimes 22CB
b rightthreetimes 22CC
b boxplus 229E boxed plus
b boxminus 229F boxed minus
b boxtimes 22A0 boxed times
b boxdot 22A1 boxed dot
b circledast 229B circled asterisk
b circledcirc 229A circled ring
b circleddash 229D circled dash
b intercal 22BA
b gtrdot 22D7
b lessdot 22D6
r leq,le 2264 less than or equal to
r geq,ge 2265 greater than or equal to
r lt 3C less than
r gt 3E greater than
r neq,ne 2260 not equal to
r equiv 2261 equivalent to
r sim 223C similar to
r simeq 2243 asymptotically equal to
r approx 2248 approximately
r cong 2245 congruent to
r doteq 2250 approaches
r propto,varpropto 221D proportional to
r asymp 224D asymptotic to
r models 22A8 models
r prec 227A precedes
r succ 227B succeeds
r preceq 2AAF precedes or equals
r succeq 2AB0 succeeds or equals
r ll 226A much less than
r gg 226B much greater than
r lll 22D8 very much less than
r ggg 22D9 very much greater than
r subset 2282 subset of
r supset 2283 superset of
r subseteq 2286 subset of or equal to
r supseteq 2287 superset of or equal to
r sqsubset 228F
r sqsupset 2290
r sqsubseteq 2291
r sqsupseteq 2292
r in 2208 in
r ni,owns 220B contains
r notin 2209 not in
r notni 220C does not contain
r vdash 22A2 proves
r dashv 22A3
r vDash 22A8 satisfies
r Vdash 22A9 forces
r Vvdash 22AA
r VDash 22AB
r nvdash 22AC does not prove
r nvDash 22AD does not satisfy
r nVdash 22AE
r nVDash 22AF
r mid 2223 such that
r nmid 2224 does not divide
r parallel 2225 parallel to
r nparallel 2226 not parallel to
r perp 27C2 perpendicular to
r Perp 2AEB independent of
r bowtie,Join 22C8
r smile 2323
r frown 2322
r lesssim 2272 less than or similar to
r gtrsim 2273 greater than or similar to
r lessgtr 2276
r gtrless 2277
r lesseqgtr 22DA
r gtreqless 22DB
r leqq 2266 less than or equal to
r geqq 2267 greater than or equal to
r leqslant 2A7D less than or equal to
r geqslant 2A7E greater than or equal to
r lessapprox 2A85
r gtrapprox 2A86
r nless 226E not less than
r ngtr 226F not greater than
r nleq 2270 not less than or equal to
r ngeq 2271 not greater than or equal to
r lneq 2A87
r gneq 2A88
r lneqq 2268
r gneqq 2269
r nsim 2241 not similar to
r ncong 2247 not congruent to
r napprox 2249 not approximately
r approxeq 224A approximately or equal to
r backsim 223D
r backsimeq 22CD
r thicksim 223C similar to
r thickapprox 2248 approximately
r triangleq 225C equal by definition to
r circeq 2257
r bumpeq 224F
r Bumpeq 224E
r doteqdot,Doteq 2251
r risingdotseq 2253
r fallingdotseq 2252
r eqcirc 2256
r coloneqq,coloneq 2254 is defined as
r eqqcolon 2255 defines
r vcentcolon,ratio 2236 is to
r Coloneqq,Coloneq 2A74 is defined as
r subseteqq 2AC5 subset of or equal to
r supseteqq 2AC6 superset of or equal to
r Subset 22D0
r Supset 22D1
r subsetneq,varsubsetneq 228A proper subset of
r supsetneq,varsupsetneq 228B proper superset of
r subsetneqq 2ACB proper subset of
r supsetneqq 2ACC proper superset of
r nsubseteq 2288 not a subset of
r nsupseteq 2289 not a superset of
r nsubset 2284 not a subset of
r nsupset 2285 not a superset of
r precsim 227E
r succsim 227F
r preccurlyeq 227C precedes or equals
r succcurlyeq 227D succeeds or equals
r curlyeqprec 22DE
r curlyeqsucc 22DF
r nprec 2280 does not precede
r nsucc 2281 does not succeed
r vartriangleleft 22B2 normal subgroup of
r vartriangleright 22B3
r trianglelefteq 22B4 normal subgroup of or equal to
r trianglerighteq 22B5
r ntriangleleft 22EA
r ntriangleright 22EB
r between 226C between
r pitchfork 22D4
r therefore 2234 therefore
r because 2235 because
r multimap 22B8
r asympeq 224D
r leftarrow,gets 2190 left arrow
r rightarrow,to 2192 to
r uparrow 2191 up arrow
r downarrow 2193 down arrow
r updownarrow 2195 up and down arrow
r leftrightarrow 2194 left and right arrow
r Leftarrow 21D0 is implied by
r Rightarrow 21D2 implies
r Uparrow 21D1 double up arrow
r Downarrow 21D3 double down arrow
r Updownarrow 21D5 double up and down arrow
r Leftrightarrow 21D4 if and only if
r mapsto 21A6 maps to
r mapsfrom 21A4 maps from
r longleftarrow 27F5 left arrow
r longrightarrow 27F6 to
r longleftrightarrow 27F7 left and right arrow
r Longleftarrow,impliedby 27F8 is implied by
r Longrightarrow,implies 27F9 implies
r Longleftrightarrow,iff 27FA if and only if
r longmapsto 27FC maps to
r nearrow 2197 up right arrow
r searrow 2198 down right arrow
r swarrow 2199 down left arrow
r nwarrow 2196 up left arrow
r hookleftarrow 21A9
r hookrightarrow 21AA embeds into
r leftharpoonup 21BC
r leftharpoondown 21BD
r rightharpoonup 21C0
r rightharpoondown 21C1
r upharpoonleft 21BF
r upharpoonright,restriction 21BE restricted to
r downharpoonleft 21C3
r downharpoonright 21C2
r rightleftharpoons 21CC in equilibrium with
r leftrightharpoons 21CB
r leadsto,rightsquigarrow 21DD leads to
r leftrightsquigarrow 21AD
r nleftarrow 219A
r nrightarrow 219B not to
r nleftrightarrow 21AE
r nLeftarrow 21CD
r nRightarrow 21CF does not imply
r nLeftrightarrow 21CE is not equivalent to
r leftleftarrows 21C7
r rightrightarrows 21C9
r upuparrows 21C8
r downdownarrows 21CA
r leftrightarrows 21C6
r rightleftarrows 21C4
r Lleftarrow 21DA
r Rrightarrow 21DB
r twoheadleftarrow 219E
r twoheadrightarrow 21A0 maps onto
r leftarrowtail 21A2
r rightarrowtail 21A3 maps injectively to
r looparrowleft 21AB
r looparrowright 21AC
r curvearrowleft 21B6
r curvearrowright 21B7
r circlearrowleft 21BA
r circlearrowright 21BB
r dashleftarrow 21E0
r dashrightarrow 21E2
r Lsh 21B0
r Rsh 21B1
S sum 2211 sum
S prod 220F product
S coprod 2210 coproduct
S bigcap 22C2 intersection
S bigcup 22C3 union
S bigvee 22C1 disjunction
S bigwedge 22C0 conjunction
S bigsqcup 2A06 square union
S bigsqcap 2A05 square intersection
S biguplus 2A04 union plus
S bigoplus 2A01 direct sum
S bigotimes 2A02 tensor product
S bigodot 2A00 circled dot product
I int 222B integral
I iint 222C double integral
I iiint 222D triple integral
I iiiint 2A0C quadruple integral
I oint 222E contour integral
I oiint 222F surface integral
I oiiint 2230 volume integral
I ointctrclockwise 2233 contour integral
I varointclockwise 2232 contour integral
I fint 2A0F average integral
I intop 222B integral
( langle,lang 27E8 left angle bracket
( lceil 2308 ceiling of
( lfloor 230A floor of
( lbrace,{ 7B left brace
( lvert 7C bar
( lVert 2016 double bar
( lgroup 27EE left group
( lmoustache 23B0
( llbracket,lBrack 27E6 left double bracket
( ulcorner 231C
( llcorner 231E
) rangle,rang 27E9 right angle bracket
) rceil 2309 end ceiling
) rfloor 230B end floor
) rbrace,} 7D right brace
) rbrack 5D right bracket
) rvert 7C bar
) rVert 2016 double bar
) rgroup 27EF right group
) rmoustache 23B1
) rrbracket,rBrack 27E7 right double bracket
) urcorner 231D
) lrcorner 231F
i ldots,dotsc,dotso,mathellipsis,textellipsis 2026 and so on
i cdots,dotsb,dotsm 22EF and so on
i ddots 22F1 and so on
i adots,iddots 22F0 and so on
)";

const char kCharacterTable[] = R"(
b plus 2B plus
b minus 2212 minus
r equals 3D equals
r less 3C less than
r greater 3E greater than
o slash 2F over
( paren 28 open paren
) paren 29 close paren
( bracket 5B open bracket
) bracket 5D close bracket
( brace 7B open brace
) brace 7D close brace
p comma 2C comma
p semicolon 3B semicolon
r colon 3A colon
o bar 7C bar
o dot 2E dot
o factorial 21 factorial
) question 3F question mark
o at 40 at
r definition 2254 is defined as
b asterisk 2217 times
b bullet 2022 bullet
b middle 00B7 times
o pi 03C0 pi
g varpi 03D6 pi
g mu 00B5 mu
g pi 03C0 pi
g omega 2126 capital omega
o reals 211D R
o integers 2124 Z
o naturals 2115 N
o rationals 211A Q
o complexes 2102 C
b cdot 22C5 times
o third 2034 triple prime
o second 2033 double prime
)";

const char kFunctionTable[] = R"(
s|sin|sin|sine
s|cos|cos|cosine
s|tan|tan|tangent
s|cot|cot|cotangent
s|sec|sec|secant
s|csc|csc|cosecant
s|arcsin|arcsin|arc sine
s|arccos|arccos|arc cosine
s|arctan|arctan|arc tangent
s|arccot|arccot|arc cotangent
s|arcctg|arcctg|arc cotangent
s|arctg|arctg|arc tangent
s|tg|tg|tangent
s|ctg|ctg|cotangent
s|cotg|cotg|cotangent
s|cosec|cosec|cosecant
s|sh|sh|hyperbolic sine
s|ch|ch|hyperbolic cosine
s|th|th|hyperbolic tangent
s|sinh|sinh|hyperbolic sine
s|cosh|cosh|hyperbolic cosine
s|tanh|tanh|hyperbolic tangent
s|coth|coth|hyperbolic cotangent
s|sech|sech|hyperbolic secant
s|csch|csch|hyperbolic cosecant
s|arcsinh|arcsinh|inverse hyperbolic sine
s|arccosh|arccosh|inverse hyperbolic cosine
s|arctanh|arctanh|inverse hyperbolic tangent
s|log|log|log
s|ln|ln|natural log
s|lg|lg|log
s|exp|exp|exponential
s|arg|arg|argument
s|deg|deg|degree
s|dim|dim|dimension
s|hom|hom|hom
s|ker|ker|kernel
s|sgn|sgn|sign
s|tr|tr|trace
s|Tr|Tr|trace
s|rank|rank|rank
s|erf|erf|error function
s|lcm|lcm|least common multiple
l|lim|lim|limit
l|limsup|lim sup|limit superior
l|liminf|lim inf|limit inferior
l|varlimsup|lim|limit superior
l|varliminf|lim|limit inferior
l|varinjlim|lim|injective limit
l|varprojlim|lim|projective limit
l|injlim|inj lim|injective limit
l|projlim|proj lim|projective limit
l|plim|plim|probability limit
l|max|max|maximum
l|min|min|minimum
l|sup|sup|supremum
l|inf|inf|infimum
l|argmax|arg max|argument of the maximum
l|argmin|arg min|argument of the minimum
l|det|det|determinant
l|gcd|gcd|greatest common divisor
l|Pr|Pr|probability
)";

const char kAccentTable[] = R"(
a hat 302
a check 30C
a tilde 303
a acute 301
a grave 300
a dot 307
a ddot 308 double dot
a dddot 20DB triple dot
a ddddot 20DC quadruple dot
a breve 306
a bar 304
a vec 20D7 vector
a mathring 30A ring
w widehat 302 hat
w widetilde 303 tilde
w widecheck 30C check
)";

const char kStretchTable[] = R"(
o overline 0 bar
u underline,underbar 0 underline
O overbrace 23DE brace
U underbrace 23DF brace
O overbracket 23B4 bracket
U underbracket 23B5 bracket
O overparen 23DC parenthesis
U underparen 23DD parenthesis
o overrightarrow 2192 right arrow
o overleftarrow 2190 left arrow
o overleftrightarrow 2194 left and right arrow
o Overrightarrow 21D2 double right arrow
o overrightharpoon 21C0 right harpoon
o overleftharpoon 21BC left harpoon
u underrightarrow 2192 right arrow
u underleftarrow 2190 left arrow
u underleftrightarrow 2194 left and right arrow
o overarc,wideparen 23DC arc
)";

const char kArrowTable[] = R"(
r xrightarrow 2192 right arrow
r xleftarrow 2190 left arrow
r xleftrightarrow 2194 left and right arrow
r xRightarrow 21D2 implies
r xLeftarrow 21D0 is implied by
r xLeftrightarrow 21D4 if and only if
r xmapsto 21A6 maps to
r xhookrightarrow 21AA embeds into
r xhookleftarrow 21A9 hook left arrow
r xrightharpoonup 21C0 right harpoon
r xrightharpoondown 21C1 right harpoon
r xleftharpoonup 21BC left harpoon
r xleftharpoondown 21BD left harpoon
r xrightleftharpoons 21CC in equilibrium with
r xleftrightharpoons 21CB left and right harpoons
r xtwoheadrightarrow 21A0 maps onto
r xlongequal 3D equals
)";

const char kDelimiterTable[] = R"(
d . 0
d (,lparen 28
d ),rparen 29
d [,lbrack 5B
d ],rbrack 5D
d {,lbrace 7B
d },rbrace 7D
d <,langle,lang,⟨ 27E8
d >,rangle,rang,⟩ 27E9
d vert,lvert,rvert,mid,| 7C
d \|,Vert,lVert,rVert,‖,parallel 2016
d lfloor,⌊ 230A
d rfloor,⌋ 230B
d lceil,⌈ 2308
d rceil,⌉ 2309
d lgroup 27EE
d rgroup 27EF
d lmoustache 23B0
d rmoustache 23B1
d llbracket,lBrack,⟦ 27E6
d rrbracket,rBrack,⟧ 27E7
d ulcorner 231C
d urcorner 231D
d llcorner 231E
d lrcorner 231F
d / 2F
d backslash 5C
d uparrow,↑ 2191
d downarrow,↓ 2193
d updownarrow 2195
d Uparrow 21D1
d Downarrow 21D3
d Updownarrow 21D5
)";

} // namespace alcuin::ui::math
