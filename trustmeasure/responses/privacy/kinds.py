"""What tells directly who somebody is, by the name of a column and by what its cells look like."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass

_MAIL = re.compile(r"[^\s@<>,;:\"']+@[^\s@<>,;:\"']+\.[A-Za-z]{2,}")
_CHINESE_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)")
_PHONE = re.compile(r"(?<![\d+])\+\d{1,3}[\d ()./-]{6,18}\d(?!\d)")
_NATIONAL = re.compile(r"(?<![\w+.-])0\d{2,3}[ -]\d{7,8}(?![\w-]|[.]\d)")
"""A number with its area code, such as 010-88886666; looked for inside texts only."""
_RESIDENT = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_IP = re.compile(r"(?<![\d.:])(?:\d{1,3}\.){3}\d{1,3}(?!\d|[.:]\d)")
_DIGITS = re.compile(r"\d(?:[ -]?\d){12,18}")
_PLACE = re.compile(r"-?\d{1,3}\.\d{3,}\s*[,;]\s*-?\d{1,3}\.\d{3,}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_SIGNS = "10X98765432"


def is_resident_number(text: str) -> bool:
    """Return whether a text is a Chinese resident identity number: 18 digits, the last one checks.

    GB 11643-1999: the last sign is the weighted sum of the others modulo 11.

    Examples
    --------
    >>> is_resident_number("11010519491231002X"), is_resident_number("110105194912310021")
    (True, False)
    """
    if not _RESIDENT.fullmatch(text):
        return False
    month, day = int(text[10:12]), int(text[12:14])
    total = sum(int(sign) * weight for sign, weight in zip(text[:17], _WEIGHTS, strict=True))
    return 1 <= month <= 12 and 1 <= day <= 31 and _CHECK_SIGNS[total % 11] == text[17].upper()


def is_card_number(text: str) -> bool:
    """Return whether a text is a card number: 13 to 19 digits of which the last one checks the others (Luhn).

    Examples
    --------
    >>> is_card_number("4111 1111 1111 1111"), is_card_number("4111 1111 1111 1112")
    (True, False)
    """
    if not _DIGITS.fullmatch(text):
        return False
    digits = [int(sign) for sign in text if sign.isdecimal()]
    doubled = [digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits))]
    return len(set(digits)) > 1 and sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def is_address(text: str) -> bool:
    """Return whether a text is an IP address, version 4 or 6."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return text.count(".") == 3 or text.count(":") >= 2


def _like(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _long_number(text: str) -> bool:
    return sum(sign.isdecimal() for sign in text) >= 6


def _words(text: str) -> bool:
    return any(sign.isalpha() for sign in text)


def _code(text: str) -> bool:
    return len(text) >= 5


def _decimal(text: str) -> bool:
    return _PLACE.fullmatch(text) is not None or re.fullmatch(r"-?\d{1,3}\.\d+", text) is not None


@dataclass(frozen=True, slots=True)
class Direct:
    """A kind of direct identifier.

    Attributes
    ----------
    kind : str
        Its name for readers.
    names : tuple of str
        Names of columns, folded, with one blank between the words.
    plausible : function
        Whether a cell may hold it, where the column has one of the names.
    is_one : function or None
        Whether a cell is one by its look alone; None when the look tells nothing.
    inside : pattern or None
        How it looks inside a longer text; None when it is not looked for there.
    least : float
        Share of the cells that must look like it, for a column without such a name.
    """

    kind: str
    names: tuple[str, ...]
    plausible: Callable[[str], bool]
    is_one: Callable[[str], bool] | None = None
    inside: re.Pattern[str] | None = None
    least: float = 0.5


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("; "))


KINDS: tuple[Direct, ...] = (
    Direct(
        "e-mail address",
        _names(
            "email; e mail; mail; email address; e mail address; recipient email; "
            "邮箱; 电子邮箱; 邮件地址; 电子邮件; 邮箱地址"
        ),
        lambda text: "@" in text,
        _like(_MAIL),
        _MAIL,
    ),
    Direct(
        "phone number",
        _names(
            "phone; phone number; telephone; tel; mobile; mobile phone; "
            "mobile number; cell phone; 手机; 手机号; 手机号码; 电话; 电话号码; 联系电话; 联系方式"
        ),
        _long_number,
        lambda text: _CHINESE_MOBILE.fullmatch(text) is not None or _PHONE.fullmatch(text) is not None,
        re.compile(f"{_CHINESE_MOBILE.pattern}|{_PHONE.pattern}|{_NATIONAL.pattern}"),
    ),
    Direct(
        "identity number",
        _names(
            "id card; id card number; identity card; national id; ssn; "
            "social security number; passport; passport number; 身份证; 身份证号; 身份证号码; "
            "证件号; 证件号码; 护照; 护照号"
        ),
        _long_number,
        is_resident_number,
        _RESIDENT,
    ),
    Direct(
        "bank card number",
        _names("card number; bank card; credit card; iban; account number; 银行卡; 银行卡号; 卡号; 银行账号"),
        _long_number,
        is_card_number,
        None,
        0.9,
    ),
    Direct(
        "IP address",
        _names("ip; ip address; ipaddress; ipaddr; ip地址; 来自ip; 提交ip"),
        lambda text: "." in text or ":" in text,
        is_address,
        _IP,
    ),
    Direct(
        "name of a person",
        _names(
            "name; full name; first name; last name; given name; family name; "
            "surname; recipient first name; recipient last name; 姓名; 名字; 真实姓名; "
            "您的姓名; 您的名字; 昵称"
        ),
        _words,
    ),
    Direct(
        "place",
        _names(
            "latitude; longitude; lat; lng; lon; gps; coordinates; geolocation; "
            "location latitude; location longitude; 纬度; 经度; 经纬度; 地理位置; 定位"
        ),
        _decimal,
        _like(_PLACE),
    ),
    Direct(
        "postal address",
        _names(
            "address; street; street address; home address; postal address; 住址; "
            "地址; 家庭住址; 详细地址; 收货地址"
        ),
        _words,
    ),
    Direct(
        "account of a messenger",
        _names(
            "wechat; wechat id; weixin; open id; openid; union id; unionid; qq; "
            "qq number; 微信; 微信号; 微信昵称; 微信openid; qq号; qq号码"
        ),
        _code,
    ),
    Direct(
        "device",
        _names(
            "device id; imei; imsi; idfa; android id; mac address; advertising id; "
            "subscriber id; 设备号; 设备id; 设备标识"
        ),
        _code,
    ),
)
"""All kinds, the surest look first."""
