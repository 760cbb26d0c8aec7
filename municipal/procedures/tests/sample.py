"""A sound entry to spoil (見本の手続)."""

import copy
from typing import Any


def said(ja: str) -> dict[str, str]:
    """A text that differs in every language."""
    return {"ja": ja, "ja-easy": f"{ja}です", "en": f"{ja} (en)", "ko": f"{ja} (ko)"}


def field(name: str = "moved_on", type_: str = "date", **more: Any) -> dict[str, Any]:
    """A question."""
    return {"name": name, "type": type_, "label": said(name), "help": None, "is_required": True, "options": [],
            "if": None, "page": "what", "most": None, "fields": []} | more  # fmt: skip


def choice(name: str, *values: str, **more: Any) -> dict[str, Any]:
    """A question with answers to choose from."""
    return field(name, "choice", options=[{"value": one, "label": said(one)} for one in values], **more)


def proof(name: str = "tax-certificate", obtained: str = "register", fallback: str = "") -> dict[str, Any]:
    """A document."""
    return {"id": name, "title": said(name), "obtained": obtained, "how": said("台帳で見ます"), "fallback": fallback}


BASIS = {"law": "住民基本台帳法", "article": "第24条", "status": "unverified"}
_SAMPLE: dict[str, Any] = {
    "id": "move-out", "version": 1, "kind": "online", "inventory": [{"id": "9064", "status": "seen"}],
    "title": said("転出届"), "summary": said("市の外へ引っ越すときに届け出ます。"),
    "words": {language: ["引っ越し", "市外へ", "出ていく"] for language in ("ja", "ja-easy", "en", "ko")},
    "basis": [BASIS], "events": ["moving"], "desk": said("市民課"), "elsewhere": None, "who": said("引っ越す人"),
    "deadline": {"days": 14, "months": 0, "from": "moved_on", "when": "after", "first_day_counts": False,
                 "rolls": True, "text": said("14日以内"), "status": "unverified"},
    "fee": {"yen": 0, "item": "", "text": said("無料"), "status": "unverified"},
    "assurance": {"level": "signature", "reason": {"ja": "台帳を変えるため", "en": "It changes the register"}},
    "paper_steps": [], "asks": [field()], "pages": [{"id": "what", "title": said("引越し")}],
    "holds": [{"name": "name", "label": said("氏名"), "source": "register", "path": "record.name", "basis": BASIS,
               "is_notice_item": True}],
    "evidence": [proof()], "workflow": "standard", "decision": {"does": "register:move_out", "people": 2},
    "delivery": ["letter"], "retention": {"years": 5, "status": "unverified"}, "follows": [], "after": [],
}  # fmt: skip


def sample(**changes: Any) -> dict[str, Any]:
    """The entry with other values."""
    return copy.deepcopy(_SAMPLE) | changes
