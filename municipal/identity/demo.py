"""The accounts of the made-up towns, with passwords everybody may know (研修用アカウント).

They exist only where the public demo secret is in use; with a secret of its own an installation shuts them out, even
if they were opened before.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.hashers import make_password

from municipal.core.actors import System
from municipal.municipalities import wall
from municipal.municipalities.models import Municipality

from .models import Staff
from .operations.permissions import grant
from .permissions import ITEMS, PERMISSIONS

_ITEMS = tuple(code for code, permission in PERMISSIONS.items() if permission.group == ITEMS)
_COUNTER = ("residents.search", "residents.view", "residents.history")
_MEASURES = ("measures.view", "measures.keep", "suppressions.set")
_RESPONSIBLE = (*_MEASURES, "measures.details", "suppressions.lift", "suppressions.release")
_EXTRACTS = ("extracts.run", "extracts.sample", "extracts.inspection_copy", "statistics.view")
_PAPER = ("certificates.issue", "certificates.history", "residents.print")
_MONEY = (
    "payments.view", "payments.payers", "payments.assess", "payments.slips", "payments.arrears",
)  # fmt: skip
_TREASURY = ("payments.collect", "payments.refund", "payments.write_off", "payments.close", "payments.settings")
_APPLICATIONS = (
    "applications.view", "applications.work", "applications.counter", "applications.answers", "applications.submit",
    "applications.intake", "applicants.manage",
)  # fmt: skip
_ENTITLEMENTS = ("entitlements.view", "entitlements.keep")
_NOTES = ("residents.remarks", "residents.memo", "residents.removed_store", "residents.investigate")
PASSWORD = "kijun-demo-{login}"  # noqa: S105  (public on purpose)


@dataclass(frozen=True)
class Role:
    """Somebody to be in the training room (研修用の役)."""

    login_name: str
    name: str
    kana: str
    department: str
    may: str
    permissions: tuple[str, ...]

    @property
    def password(self) -> str:
        return PASSWORD.format(login=self.login_name)


ROLES = (
    Role(
        "counter", "窓口　一葉", "マドグチ　ヒトハ", "市民課", "検索・照会・履歴・異動の入力、申請の決定、すべての項目",
        (
            *_COUNTER, *_MEASURES, *_EXTRACTS, *_PAPER, *_NOTES, "residents.enter", "residents.disclosures", "api.use",
            "caught_up.enter", "procedures.edit", *_APPLICATIONS, *_ENTITLEMENTS, "applications.decide", *_ITEMS,
        ),
    ),
    Role(
        "chief", "決裁　五葉", "ケッサイ　イツハ", "市民課", "異動の入力と決定、すべての項目",
        (
            *_COUNTER, *_RESPONSIBLE, *_EXTRACTS, *_PAPER, *_NOTES, "residents.enter", "residents.decide",
            "residents.disclosures", "numbers.stock", "jobs.view", "jobs.run", "addresses.change", "places.manage",
            "alerts.confirm", "days.close", "caught_up.enter", "transfer.hand_over", "transfer.approve",
            "procedures.edit", "procedures.publish", *_APPLICATIONS, *_ENTITLEMENTS, "applications.decide",
            "evidence.answer", "evidence.settings", *_ITEMS,
        ),
    ),
    Role(
        "tax", "演習　二葉", "エンシュウ　フタバ", "税務課",
        "検索・照会・履歴、賦課・納付書・督促、戸籍などの項目は非表示",
        (*_COUNTER, *_MONEY),
    ),
    Role(
        "treasurer", "会計　六葉", "カイケイ　ムツハ", "会計課", "収納・消込・還付・締め、公金の設定",
        (*_MONEY, *_TREASURY, "jobs.view", "api.use"),
    ),
    Role(
        "auditor", "監査　三葉", "カンサ　ミツハ", "監査委員事務局", "操作の記録の照会と検証、適合検査",
        ("audit.view", "audit.verify", "residents.disclosures", "inspect_files", *_COUNTER),
    ),
    Role(
        "admin", "管理　四葉", "カンリ　ヨツバ", "情報政策課", "職員と権限の管理、適合検査",
        (
            "staff.view", "staff.manage", "staff.items", "register.settings", "certificates.settings", "audit.view",
            "jobs.view", "jobs.run", "places.manage", "inspect_files", "transfer.hand_over", "transfer.take_in",
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DemoAccount:
    """One line of the list that ``manage.py up`` prints (研修用アカウントの案内)."""

    town: str
    login_name: str
    password: str
    may: str


def is_open() -> bool:
    """Whether demo accounts may be used at all: only with the public secret."""
    return settings.SECRET_KEY == settings.DEMO_SECRET


def accounts() -> Iterator[DemoAccount]:
    """Every demo account of every made-up town, for showing; nothing where demo accounts are shut."""
    if is_open():
        for town in Municipality.objects.filter(is_fictional=True):
            for role in ROLES:
                yield DemoAccount(f"{town.name} ({town.code})", role.login_name, role.password, role.may)


def open_demo_accounts(municipality: int) -> None:
    """Open the demo accounts of one made-up town; those that are there stay as they are (研修用アカウントの登録).

    Does nothing where an installation has its own secret or the municipality is a real one.
    """
    if not is_open() or not Municipality.objects.filter(pk=municipality, is_fictional=True).exists():
        return
    with wall.within(municipality):
        for role in ROLES:
            if not Staff.objects.filter(login_name=role.login_name).exists():
                _open(role)


def _open(role: Role) -> None:
    staff = Staff.objects.create(
        login_name=role.login_name,
        name=role.name,
        kana=role.kana,
        department=role.department,
        password=make_password(role.password),
        must_change_password=False,
        is_demo=True,
    )
    for permission in role.permissions:
        grant(actor=System("demo"), staff=staff, permission=permission, reason="研修用")
