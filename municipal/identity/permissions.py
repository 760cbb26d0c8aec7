"""What there is to be allowed (権限の一覧).

Permissions are given to a person, never to a rank (resident-record/1.0#10.3). Items of a record that may be
hidden are exactly the four of #10.4; the relationship to the householder has no code here, because hiding it by
permission is forbidden.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

OPERATIONS, ITEMS = "operations", "items"
BEYOND = "標準外"


@dataclass(frozen=True)
class Permission:
    """One thing that a member of staff may be allowed (権限).

    ``clause`` is the id of the clause that asks for it, or BEYOND where no standard does.
    """

    code: str
    name: str
    name_en: str
    clause: str
    group: str = OPERATIONS
    explanation: str = ""


_ALL = (
    Permission("residents.search", _("住民の検索"), "Search residents", "resident-record/1.0#2.1.1"),
    Permission("residents.view", _("住民の記録の照会"), "View a resident's record", "resident-record/1.0#2.1.1"),
    Permission("residents.history", _("異動履歴の照会"), "View a resident's history", "resident-record/1.0#1.2.1"),
    Permission(
        "residents.remarks", _("統合記載欄の記載"), "Write in the remarks field", "resident-record/1.0#1.1.14",
        explanation=_("留意事項と備考を書き、削除します。事実上の世帯主も記録します。"),
    ),
    Permission(
        "residents.memo", _("メモ"), "Read and write memos", "resident-record/1.0#1.1.15",
        explanation=_("職員どうしのメモを読み書きします。証明書には出ません。"),
    ),
    Permission(
        "residents.removed_store", _("除票用データベースの照会"), "View the store of removed records",
        "resident-record/1.0#1.1.5", explanation=_("消除から5年を過ぎて移された除票を見ます。"),
    ),
    Permission(
        "residents.investigate", _("実態調査"), "Mark what is being looked into", BEYOND,
        explanation=_("記録が事実かどうか調べていることを、始まりから終わりまで残します。"),
    ),
    Permission(
        "residents.enter", _("異動の入力"), "Enter events provisionally", "resident-record/1.0#4.0.8",
        explanation=_("異動を仮登録し、直し、取り下げます。台帳は決定されるまで変わりません。"),
    ),
    Permission(
        "residents.decide", _("異動の決定"), "Decide entered events", "resident-record/1.0#4.0.8",
        explanation=_("仮登録された異動を審査し、本登録するか差し戻します。"),
    ),
    Permission(
        "register.settings", _("台帳の設定"), "Settings of the register", "resident-record/1.0#4.0.8",
        explanation=_("入力した職員が決定できるか、入力の制限時間を何分にするかを決めます。"),
    ),
    Permission(
        "residents.disclosures", _("閲覧の記録の照会"), "View who saw a record", "resident-record/1.0#10.2",
        explanation=_("ある人の記録を、だれがいつ見たかを調べます。"),
    ),
    Permission(
        "measures.view", _("支援措置の照会"), "View support measures", "resident-record/1.0#2.2.4",
        explanation=_("支援措置の一覧と期間を見ます。住所・連絡先・加害者は、詳細の権限がなければ見られません。"),
    ),
    Permission(
        "measures.details", _("支援措置の詳細の照会"), "View the details of support measures",
        "resident-record/1.0#3.4/m2",
        explanation=_("支援措置責任者だけに与えます。目的を選んで開き、開くたびに記録が残ります。"),
    ),
    Permission(
        "measures.keep", _("支援措置の登録"), "Enter support measures", "resident-record/1.0#1.1.16",
        explanation=_("申出を受け付け、開始し、延長し、終了し、転送を記録します。"),
    ),
    Permission("suppressions.set", _("抑止の設定"), "Set suppressions", "resident-record/1.0#3.1/m7"),
    Permission("suppressions.lift", _("抑止の解除"), "Lift suppressions", "resident-record/1.0#3.1/m7"),
    Permission(
        "suppressions.release", _("抑止の一時解除"), "Lift suppressions temporarily", "resident-record/1.0#3.1/m7",
        explanation=_("決めた時間だけ通します。時間が過ぎると、抑止に自動で戻ります。"),
    ),
    Permission(
        "certificates.issue", _("証明書の交付"), "Issue certificates", "resident-record/1.0#5.1",
        explanation=_("住民票の写しなどの証明書と通知書を発行し、誤って発行したものを処分します。"),
    ),
    Permission("certificates.history", _("交付履歴の照会"), "View issuance history", "resident-record/1.0#2.2.2"),
    Permission(
        "certificates.settings", _("帳票の設定"), "Settings of forms", "resident-record/1.0#5.6",
        explanation=_("手数料、省略する項目、認証者、公印、プリンタを決めます。"),
    ),
    Permission(
        "residents.print", _("画面の写しの印刷"), "Print a copy of a screen", "resident-record/1.0#10.7",
        explanation=_("画面に出ている内容を印刷します。だれが印刷したかが残ります。"),
    ),
    Permission("audit.view", _("操作の記録の照会"), "View the audit trail", "resident-record/1.0#10.2"),
    Permission(
        "audit.verify", _("操作の記録の検証"), "Verify the audit trail", "resident-record/1.0#10.2",
        explanation=_("記録が書き換えられていないことを確かめます。"),
    ),
    Permission("staff.view", _("職員と権限の照会"), "View staff and permissions", "resident-record/1.0#10.3"),
    Permission(
        "staff.manage", _("職員と権限の管理"), "Manage staff and permissions", "resident-record/1.0#10.3",
        explanation=_("アカウントを開き、権限を与え、パスワードを初期化します。自分の権限は変えられません。"),
    ),
    Permission(
        "numbers.stock", _("住民票コードの在庫"), "Stock of resident-record codes", "resident-record/1.0#4.3.1",
        explanation=_("ネットワークから受け取った住民票コードを取り込み、在庫の警告数を決めます。"),
    ),
    Permission(
        "staff.items", _("項目の表示の設定"), "Set which items somebody is shown", "resident-record/1.0#10.4",
        explanation=_("戸籍・個人番号・住民票コード・在留資格等の項目を、だれに表示するかを決めます。"),
    ),
    Permission("jobs.view", _("一括処理の照会"), "View batch jobs", "resident-record/1.0#9.1"),
    Permission("jobs.run", _("一括処理の実行"), "Run batch jobs", "resident-record/1.0#9.1"),
    Permission(
        "addresses.change", _("住所一括変更"), "Change addresses in bulk", "resident-record/1.0#9.7",
        explanation=_("住居表示や区画整理による住所と本籍の変更を、ファイルから一括で試し、反映します。"),
    ),
    Permission(
        "places.manage", _("住所辞書などの管理"), "Manage dictionaries of places", "resident-record/1.0#1.3.3",
        explanation=_("住所辞書、方書、地番、地区、入力場所と端末、認証者を登録し、直します。"),
    ),
    Permission(
        "alerts.confirm", _("重要なアラートの確認"), "Confirm grave alerts", "resident-record/1.0#11.1",
        explanation=_("権限のある職員だけが確認できるアラートを確認して、先へ進めます。"),
    ),
    Permission(
        "days.close", _("日締め"), "Close the day", BEYOND,
        explanation=_("その日の異動、証明書、現金を突き合わせて締めます。締め直すと、その記録が残ります。"),
    ),
    Permission(
        "caught_up.enter", _("停止中の受付の後入力"), "Enter what came while the system was down", BEYOND,
        explanation=_("停止中に紙で受け付けた届出を、受付番号と受付日時とともに入力します。"),
    ),
    Permission(
        "extracts.run", _("データの抽出（EUC）"), "Extract data (EUC)", "resident-record/1.0#10.1",
        explanation=_("項目と条件を選んで台帳のデータを抽出します。実行はすべて記録されます。"),
    ),
    Permission("extracts.sample", _("無作為抽出"), "Draw people at random", "resident-record/1.0#9.6"),
    Permission(
        "extracts.inspection_copy", _("閲覧用台帳の作成"), "Make the copy for inspection", "resident-record/1.0#9.5"
    ),
    Permission("statistics.view", _("統計の照会"), "View statistics", "resident-record/1.0#6.1"),
    Permission(
        "transfer.hand_over", _("台帳の引渡し"), "Hand the register over", "resident-record/1.0#10.6",
        explanation=_("台帳の全件または差分をファイルに出力します。支援対象者の住所は、別の職員の承認がなければ含まれません。"),
    ),
    Permission(
        "transfer.approve", _("引渡しの承認"), "Approve what a hand-over holds", "resident-record/1.0#3.2",
        explanation=_("ほかの職員が依頼した引渡しに、支援対象者の住所を含めることを承認します。"),
    ),
    Permission(
        "transfer.take_in", _("台帳の受入れ"), "Take a register in", "resident-record/1.0#7.2.2",
        explanation=_("別のシステムのファイルを検査し、台帳に登録します。"),
    ),
    Permission(
        "payments.view", _("公金の照会"), "View public money", BEYOND,
        explanation=_("調定、納付書、収納、元帳、未納の一覧を見ます。"),
    ),
    Permission(
        "payments.payers", _("納付義務者の登録"), "Enter payers and where they are written to", BEYOND,
        explanation=_("住民でない納付義務者、相続人代表者、納税管理人、送付先を登録します。"),
    ),
    Permission(
        "payments.assess", _("賦課の登録"), "Enter assessments", BEYOND,
        explanation=_("賦課データを取り込み、調定し、更正します。"),
    ),
    Permission(
        "payments.slips", _("納付書の発行"), "Issue slips", BEYOND,
        explanation=_("納付書を一括で作成し、再発行し、取り消します。"),
    ),
    Permission(
        "payments.collect", _("収納・消込"), "Take collections in", BEYOND,
        explanation=_("収納データと入金を取り込み、一致しないものを処理します。"),
    ),
    Permission(
        "payments.refund", _("還付・充当"), "Refund and apply over-payments", BEYOND,
        explanation=_("過誤納金を還付し、ほかの調定に充てます。"),
    ),
    Permission(
        "payments.arrears", _("督促・滞納整理"), "Demand what is overdue", BEYOND,
        explanation=_("延滞金を調定し、督促状を出し、時効を管理します。"),
    ),
    Permission(
        "payments.write_off", _("不納欠損"), "Write claims off", BEYOND,
        explanation=_("徴収できない債権を不納欠損として処理します。"),
    ),
    Permission(
        "payments.close", _("公金の締め"), "Close periods of the books", BEYOND,
        explanation=_("日、月、年度の締めを行います。締めた期間には記帳できません。"),
    ),
    Permission(
        "payments.settings", _("公金の設定"), "Settings of public money", BEYOND,
        explanation=_("延滞金の端数処理、会計年度の決め方、納付書の印刷を決めます。"),
    ),
    Permission(
        "procedures.edit", _("手続カタログの編集"), "Write entries of the catalogue of procedures", BEYOND,
        explanation=_("手続の説明、質問、添付書類を書き直し、公開を申し出ます。"),
    ),
    Permission(
        "procedures.publish", _("手続カタログの公開"), "Publish entries of the catalogue of procedures", BEYOND,
        explanation=_("ほかの職員が書いた手続を確かめ、公開するか差し戻します。"),
    ),
    Permission(
        "applications.view", _("申請の照会"), "View applications", BEYOND,
        explanation=_("オンラインで届いた申請の一覧と内容を見ます。"),
    ),
    Permission(
        "applications.work", _("申請の処理"), "Work on applications", BEYOND,
        explanation=_("申請を受け付け、審査し、差し戻し、起案します。"),
    ),
    Permission(
        "applications.counter", _("窓口での受付"), "Take applications in at the counter", BEYOND,
        explanation=_("窓口や紙で来た申請を、台帳などから引用して聞き取り、本人に代わって提出します。"),
    ),
    Permission(
        "applications.decide", _("申請の決定"), "Decide applications", BEYOND,
        explanation=_("申請を承認し、却下します。起案した本人は決定できません。"),
    ),
    Permission(
        "entitlements.view", _("受給資格の照会"), "View entitlements", BEYOND,
        explanation=_("認定、終了、額と、その経過を見ます。"),
    ),
    Permission(
        "entitlements.keep", _("受給資格の記録"), "Record entitlements and amounts", BEYOND,
        explanation=_("額を記録し、終了し、認定・支給額のファイルを渡し、ほかの職員が渡したファイルを取り込みます。"),
    ),
    Permission(
        "applications.answers", _("申請の内容のAPI"), "Read what was applied for through the API", BEYOND,
        explanation=_("申請者、回答、添付を、他のシステムからAPIで読み出します。"),
    ),
    Permission(
        "applications.submit", _("申請の提出のAPI"), "Hand applications in through the API", BEYOND,
        explanation=_("窓口や紙で受けた申請を、他のシステムからAPIで提出します。"),
    ),
    Permission(
        "applications.intake", _("申請管理"), "Take applications from the national portal in", BEYOND,
        explanation=_("国の申請サイトから届いた申請を取り込み、対象者を決め、処理状況を登録します。"),
    ),
    Permission(
        "evidence.answer", _("他機関からの照会への回答"), "Answer what other offices ask", BEYOND,
        explanation=_("支援措置や抑止の対象者について、ほかの機関の照会に答えるかどうかを決めます。"),
    ),
    Permission(
        "evidence.settings", _("情報連携の設定"), "Settings of the information linkage", BEYOND,
        explanation=_("自動で照会するか、何日待つかを決めます。研修用の環境では、模擬の相手の振る舞いも選びます。"),
    ),
    Permission(
        "applicants.manage", _("カードと法定代理人の登録"), "Enter legal representatives, lost cards and PINs", BEYOND,
        explanation=_("書類を確かめて法定代理人を登録し、カードの紛失を受け付け、暗証番号を設定し直します。"),
    ),
    Permission(
        "inspect_files", _("適合検査"), "Judge files against the standards", BEYOND,
        explanation=_("受け取ったデータを標準に照らして検査し、報告を取り出します。"),
    ),
    Permission(
        "api.use", _("APIの鍵の発行"), "Issue API tokens", BEYOND,
        explanation=_("自分の権限の範囲で、他のシステムから読み出すための鍵を作ります。"),
    ),
    Permission(
        "item.family_register", _("項目の表示: 戸籍"), "Show the item: family register",
        "resident-record/1.0#10.4", ITEMS,
    ),
    Permission(
        "item.individual_number", _("項目の表示: 個人番号"), "Show the item: individual number",
        "resident-record/1.0#10.4", ITEMS,
    ),
    Permission(
        "item.resident_code", _("項目の表示: 住民票コード"), "Show the item: resident-record code",
        "resident-record/1.0#10.4", ITEMS,
    ),
    Permission(
        "item.residence_status", _("項目の表示: 在留資格等"), "Show the item: status of residence",
        "resident-record/1.0#10.4", ITEMS,
    ),
)  # fmt: skip

PERMISSIONS = {permission.code: permission for permission in _ALL}
"""Every permission by its code, in the order in which screens list them."""
