"""What an individual number may be looked at for: a closed list (個人番号の利用目的).

The Act on the use of numbers forbids everything that it does not allow. What a resident-record desk may do with the
number is its entry, its correction, notices about it, and the linkage that the two Acts prescribe.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Purpose:
    """One purpose: its word in the audit, what it is called, the article that allows it (利用目的)."""

    code: str
    name: str
    law: str
    shows: bool = True


_ALL = (
    Purpose("number.entry", _("住民票への記載・修正の確認"), "住民基本台帳法第7条第8号の2"),
    Purpose("number.notice", _("個人番号の通知・個人番号カードの事務"), "番号法第7条・第16条の2"),
    Purpose("number.change", _("個人番号の変更の請求・職権による変更"), "番号法第7条第2項"),
    Purpose("number.juki_net", _("住民基本台帳ネットワークへの本人確認情報の通知"), "住民基本台帳法第30条の6"),
    Purpose("number.certificate", _("本人の請求による住民票の写しへの記載"), "住民基本台帳法第12条第5項"),
    Purpose("number.linkage", _("団体内統合宛名システムへの提供"), "番号法第9条第1項"),
    Purpose("number.identity", _("本人確認（番号の真正性の確認）"), "番号法第16条"),
    Purpose("number.return", _("再転入者の確認"), "住民基本台帳法施行令第12条", shows=False),
)
PURPOSES = {purpose.code: purpose for purpose in _ALL}
"""Every purpose by its code; those that do not show only compare."""

REFUSED_EXAMPLES = ("税の滞納者の照合", "アンケートの送付", "住所の確認")
"""What people ask for and nobody is given: for trainers, and for the test that it stays so."""
