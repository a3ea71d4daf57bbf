"""The characters that GSM-7 lacks and their replacements: groups of rules, each with its reason.

Code points are in hexadecimal; ranges include both ends. A replacement may have characters that
GSM-7, or a national alphabet, lacks too: these are replaced in turn. A level has the groups of the
levels before it, and its own come first. Where no rule is, "letters" asks anyascii for letters of
`replacements.LATIN`, and "all" asks it for everything.

Most signs are those of Twilio's "Smart Encoding" (SmartEncodingMap.ts of
TwilioDevEd/message-segment-calculator, as of 2024-06-26), corrected: one space where it writes two
or seven, and angle quotes that keep their direction.
"""

from __future__ import annotations

from .rule_groups import RuleGroup

__all__ = ["RULE_GROUPS"]

_ASCII = "".join(map(chr, range(0x21, 0x7F)))

RULE_GROUPS: tuple[RuleGroup, ...] = (
    RuleGroup(
        "control characters",
        "punctuation",
        "They control devices and mean nothing in a message; an escape changes the next septet.",
        {"": "0000-0008 000E-001F 007F 0081 008D 008F 0090 009D"},
    ),
    RuleGroup(
        "invisible characters",
        "punctuation",
        "They show nothing: joiners, directions, soft hyphens, fillers, variation selectors, tags.",
        {
            "": "00AD 034F 061C 115F 1160 17B4 17B5 180B-180F 200B-200F 202A-202E 2060-206F 2800 "
            "3164 FE00-FE0F FEFF FFA0 FFF0-FFFC 16FE4 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
        },
    ),
    RuleGroup(
        "line ends",
        "punctuation",
        "They end a line or a paragraph; as spaces, they would join two lines.",
        {"\n": "000B 0085 2028 2029"},
    ),
    RuleGroup(
        "spaces",
        "punctuation",
        "They differ from a space by their width, or by where a line may break.",
        {" ": "0009 00A0 1680 2000-200A 202F 205F 3000"},
    ),
    RuleGroup(
        "Windows-1252 read as Latin-1",
        "punctuation",
        "C1 controls are not used in texts; they are nearly always these characters.",
        {},
        {
            "€": "0080",
            "‚ƒ„": "0082",
            "†‡ˆ‰Š‹Œ": "0086",
            "Ž": "008E",
            "‘’“”•–—˜™š›œ": "0091",
            "žŸ": "009E",
        },
    ),
    RuleGroup(
        "quotation marks and primes",
        "punctuation",
        "A straight quotation mark says the same.",
        {
            "'": "0060 00B4 02B9 02BB-02BF 02C8 02CA 02CB 0384 0385 055A 05F3 1FBD 1FBF 1FCD-1FCF "
            "1FDD-1FDF 1FED 1FEE 1FFE 2018 2019 201B 2032 2035 275B 275C",
            '"': "00AB 00BB 02BA 02EE 05F4 201C-201F 2033 2036 275D 275E 2760 2E42 300A-300F "
            "301D-301F FE41-FE44 FF62 FF63",
            "'''": "2034 2037",
            "''''": "2057",
            ",": "201A 275F",
            "<": "2039 276C 276E 2770 27E8 3008",
            ">": "203A 276D 276F 2771 27E9 3009",
        },
    ),
    RuleGroup(
        "hyphens and dashes",
        "punctuation",
        "GSM-7 has one hyphen for hyphens, dashes and the minus sign.",
        {
            "-": "02D7 058A 05BE 1806 2010-2015 2043 2212 23BC 23BD 2E17 2E1A FE31 FE32 FE58 FE63",
            "--": "2E3A",
            "---": "2E3B",
        },
    ),
    RuleGroup(
        "bullets and dots",
        "punctuation",
        "A bullet before an entry of a list is a hyphen in plain text, a dot is a full stop.",
        {
            "-": "2022 2023 204C 204D 25A0 25A1 25AA 25AB 25CB 25CF 25E6",
            ".": "00B7 2024 2027 2219 22C5 2E33 3002 30FB FE12 FE52 FF61 FF65",
            "..": "2025 FE30",
            "...": "2026 22EF FE19",
        },
    ),
    RuleGroup(
        "trade marks and abbreviations",
        "punctuation",
        "The letters that the sign is made of.",
        {"TM": "2122", "SM": "2120", "(R)": "00AE", "(C)": "00A9", "(P)": "2117", "No": "2116"},
    ),
    RuleGroup(
        "superscripts, subscripts and fractions",
        "punctuation",
        "Plain digits are what keyboards offer; a fraction after a digit gets a space before it.",
        {
            "1": "00B9",
            "2": "00B2",
            "3": "00B3",
            "1/2": "00BD",
            "1/4": "00BC",
            "3/4": "00BE",
            "1/7": "2150",
            "1/9": "2151",
            "1/10": "2152",
            "1/3": "2153",
            "2/3": "2154",
            "1/5": "2155",
            "2/5": "2156",
            "3/5": "2157",
            "4/5": "2158",
            "1/6": "2159",
            "5/6": "215A",
            "1/8": "215B",
            "3/8": "215C",
            "5/8": "215D",
            "7/8": "215E",
            "1/": "215F",
            "0/3": "2189",
        },
        {"0": "2070", "456789+-=()": "2074", "0123456789+-=()": "2080"},
    ),
    RuleGroup(
        "other signs",
        "punctuation",
        "Each looks like its replacement, or is what people type for want of the sign.",
        {
            "!": "01C3 FE15 FE57",
            "!!": "203C",
            "!?": "2049",
            "#": "FE5F",
            "$": "FE69",
            "%": "FE6A",
            "&": "FE60",
            "(": "2768 276A 27EE 2985 FE35 FE59",
            ")": "2769 276B 27EF 2986 FE36 FE5A",
            "*": "203B 204E 2217 229B 2722-2725 2731-2733 273A-273D 2743 2749-274B 29C6 FE61",
            "+": "02D6 2020 FE62",
            "++": "2021",
            ",": "0375 3001 FE10 FE11 FE50 FE51 FF64",
            "/": "00F7 2044 2215 29F8",
            "0/00": "2030",
            ":": "02D0 02F8 2236 2982 A789 FE13 FE55",
            ";": "204F FE14 FE54",
            "<": "FE64",
            "=": "A78A FE66",
            ">": "FE65",
            "?": "FE16 FE56",
            "?!": "2048 203D",
            "??": "2047",
            "@": "FE6B",
            "[": "3010 3014 3016",
            "\\": "2216 29F5 29F9 FE68",
            "]": "3011 3015 3017",
            "^": "02C6",
            "_": "2017",
            "f": "0192",
            "x": "00D7 2715 2716 2A2F",
            "{": "2774 FE5B",
            "|": "00A6 2223 239C 239F 23B8 23B9 23D0",
            "||": "2016",
            "}": "2775 FE5C",
            "~": "02DC 02F7 1FC0 1FC1 223C 301C",
        },
    ),
    RuleGroup(
        "full-width forms",
        "punctuation",
        "The same characters in the width of an ideograph.",
        {"£": "FFE1", "|": "FFE4", "¥": "FFE5"},
        {_ASCII: "FF01"},
    ),
    RuleGroup(
        "small capitals",
        "punctuation",
        "Capitals in the size of small letters.",
        {
            "A": "1D00",
            "B": "0299",
            "C": "1D04",
            "D": "1D05",
            "E": "1D07",
            "F": "A730",
            "G": "0262",
            "H": "029C",
            "I": "026A",
            "J": "1D0A",
            "K": "1D0B",
            "L": "029F",
            "M": "1D0D",
            "N": "0274",
            "O": "1D0F",
            "P": "1D18",
            "R": "0280",
            "S": "A731",
            "T": "1D1B",
            "U": "1D1C",
            "V": "1D20",
            "W": "1D21",
            "Y": "028F",
            "Z": "1D22",
        },
    ),
    RuleGroup(
        "marks that look like a sign",
        "punctuation",
        "Where no letter includes the mark, the sign that looks like it follows the letter.",
        {
            "'": "0313 0314",
            ",": "0326",
            "/": "0337 0338",
            "=": "0347",
            "\\": "20E5",
            "^": "0302 1DCD",
            "_": "0332",
            "|": "20D2 20D3",
            "~": "0303 0330 0334",
        },
    ),
    RuleGroup(
        "marks",
        "letters",
        "A letter without its marks can still be read.",
        {
            "": "0300-034E 0350-0362 0483-0489 1AB0-1ABE 1AC1-1ACB 1ACF-1AFF 1DC0-1DC9 "
            "1DCB-1DD2 1DF5-1DFF 20D0-20FF FE20-FE2F"
        },
    ),
    RuleGroup(
        "letters near others of GSM-7",
        "letters",
        "Readers expect the umlaut in Hungarian, and two capitals for the capital sharp s.",
        {"Ö": "0150", "ö": "0151", "Ü": "0170", "ü": "0171", "SS": "1E9E"},
    ),
    RuleGroup(
        "Greek",
        "letters",
        "Greek senders and phones write capitals without accents: those of GSM-7, and the Latin "
        "ones that look like the others.",
        {
            "A": "0386 0391 03AC 03B1 1F00-1F0F 1F70 1F71 1F80-1F8F 1FB0-1FBC",
            "B": "0392 03B2 03D0 1D5D 1D66",
            "Γ": "03B3 1D26 1D5E 1D67 213D 213E",
            "Δ": "03B4 1D5F",
            "E": "0388 0395 03AD 03B5 03F5 1F10-1F1D 1F72 1F73 1FC8 1FC9",
            "Z": "0396 03B6",
            "H": "0370 0371 0389 0397 03AE 03B7 1F20-1F2F 1F74 1F75 1F90-1F9F 1FC2-1FC7 1FCA-1FCC",
            "Θ": "03B8 03D1 03F4 1DBF",
            "I": "037A 038A 0390 0399 03AA 03AF 03B9 03CA 1F30-1F3F 1F76 1F77 1FBE 1FD0-1FDB 2129",
            "J": "037F 03F3",
            "K": "039A 03BA 03F0",
            "KAI": "03CF 03D7",
            "Λ": "03BB 1D27",
            "M": "039C 03BC 03FA 03FB",
            "N": "039D 03BD 0376 0377",
            "Ξ": "03BE",
            "O": "038C 039F 03BF 03CC 1F40-1F4D 1F78 1F79 1FF8 1FF9",
            "Π": "03C0 03D6 1D28 213C 213F",
            "P": "03A1 03C1 03F1 03FC 1D29 1D68 1FE4 1FE5 1FEC",
            "Q": "03D8 03D9 03DE 03DF",
            "Σ": "037B-037D 03C2 03C3 03F2 03F9 03FD-03FF",
            "ΣT": "03DA 03DB",
            "T": "0372 0373 03A4 03C4",
            "F": "03DC 03DD",
            "SS": "03E0 03E1",
            "SH": "03F7 03F8",
            "Y": "038E 03A5 03AB 03B0 03C5 03CB 03CD 03D2-03D4 1F50-1F5F 1F7A 1F7B 1FE0-1FE3 "
            "1FE6-1FEB",
            "Φ": "03C6 03D5 1D60 1D69",
            "X": "03A7 03C7 1D61 1D6A",
            "Ψ": "03C8 1D2A",
            "Ω": "038F 03C9 03CE 1F60-1F6F 1F7C 1F7D 1FA0-1FAF 1FF2-1FF7 1FFA-1FFC AB65",
        },
        {
            "ABΓΔEZHΘIKΛMNΞOΠPΘΣTYΦXΨΩ": "1D6A8 1D6E2 1D71C 1D756 1D790",
            "ABΓΔEZHΘIKΛMNΞOΠPΣΣTYΦXΨΩ": "1D6C2 1D6FC 1D736 1D770 1D7AA",
            "EΘKΦPΠ": "1D6DC 1D716 1D750 1D78A 1D7C4",
            "FF": "1D7CA",
        },
    ),
    RuleGroup(
        "the micro sign",
        "letters",
        "A prefix of units, written u without it; between Greek letters it is one of them.",
        {"u": "00B5"},
    ),
    RuleGroup(
        "silent letters",
        "all",
        "They carry a vowel, lengthen a sound or give its tone: anyascii writes nothing for them.",
        {
            "": "0627 0640 06E5 06E6 0787 07D1 08AD 08C9 0A72 0A73 0E45 0EAD 0F68 0F8A 0F8B 110B "
            "1147 1390-1399 1843 1900 1970-1974 1980 1981 19C8 19C9 1A15 1A4B 1BC0 1BC1 1C23 1C79 "
            "1C7B 1C7C 1CFA 30FC 3147 3180 3267 A4FA AAAE AAAF AAC0 AAC2 FF70 FFB7 10D00 10D22 "
            "11712 11A00 11A50 11AE5 11AE6 11AE8 11AE9 11AEB-11AEF 11AF1-11AF4 11AF6 11AF7 11C8F "
            "11EF1 13430-1343F 16F43 16F44 1AFF0-1AFF3 1AFF5-1AFFB 1AFFD 1AFFE 1E137-1E13B 1E13D"
        },
    ),
    RuleGroup(
        "skin tones and hair",
        "all",
        "They change the emoji before them and mean nothing alone (UTS #51).",
        {"": "1F3FB-1F3FF 1F9B0-1F9B3"},
    ),
    RuleGroup(
        "forms of characters that GSM-7 has",
        "all",
        "Compatibility forms, and signs that look the same; anyascii would spell them out.",
        {
            "£": "20A4",
            "Æ": "1D2D",
            "æ": "10783",
            "Ø": "2205 2300",
            "ø": "107A2",
            "Δ": "2206",
            "Π": "220F",
            "Σ": "2140 2211",
            "kΩ": "33C0",
            "MΩ": "33C1",
        },
    ),
)
