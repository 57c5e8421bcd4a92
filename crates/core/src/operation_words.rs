//! What was done, in one plain sentence for each operation, as the person concerned reads it in their log.
//!
//! The sentence goes on from who did it (“云汀市交通运输局 · 审核人员 …”), speaks to the person as “you”, and names nobody.
//! An operation may have further sentences for what came of it: [`act`] takes a variant, and without one of that
//! name gives the general sentence.

use crate::{Role, Say};

/// Operation of a refusal: no operation of the list, since every operation may end in it.
pub const ACCESS_DENY: &str = "access_deny";
/// Operation of the line that says that something is sealed until a day.
pub const LOG_SEAL: &str = "log_seal";
/// Operation of the line that reveals what was sealed; [`crate::operation`] has it too, as what a worker does daily.
pub const LOG_REVEAL: &str = "log_reveal";

/// Operation, variant or nothing, Chinese, English.
type Words = (&'static str, &'static str, &'static str, &'static str);

const ACTS: &[Words] = &[
    ("access_deny", "", "试图进行一项无权进行的操作，已被拒绝", "tried to do what they may not do, and was refused"),
    (
        "access_deny",
        "code",
        "试用了您一项委托的一次性码，未能接受该委托；如非您所指的人，请撤销并重新办理",
        "tried the one-time code of a mandate that you offered, and could not accept it: if it has got about, revoke the offer",
    ),
    (
        "access_deny",
        "consent",
        "称有您的授权而要求核查；没有可用的授权，未获得任何信息",
        "asked to check you on a consent of yours; none held for it, and they were told nothing",
    ),
    (
        "access_deny",
        "mandate",
        "试图凭一项委托代您办理；该委托对此无效，未获得任何信息",
        "tried to act for you on a mandate; it did not hold for that, and they were told nothing",
    ),
    (
        "account_begin",
        "",
        "凭一次性链接开始使用账户，并设定了密码",
        "began to use an account with a one-time link, and chose its password",
    ),
    (
        "account_begin",
        "recovered",
        "凭窗口发放的恢复码重新设定了您账户的密码，此前的登录全部结束",
        "set a new password for your account with a recovery code from a window; earlier sessions ended",
    ),
    ("account_close", "", "注销了账户", "closed an account"),
    ("account_factor_add", "", "为账户添加了一种验证方式", "added to what an account proves itself by"),
    ("account_factor_add", "passkey", "为账户添加了一个通行密钥", "added a passkey to an account"),
    (
        "account_factor_add",
        "recovery",
        "为账户生成了新的备用码，此前的随即失效",
        "made new recovery codes for an account; those from before were thereby void",
    ),
    (
        "account_factor_add",
        "totp",
        "为账户启用了身份验证器，代替此前的",
        "enrolled an authenticator app for an account, in the place of the one before",
    ),
    ("account_factor_list", "", "查看了账户的验证方式", "looked at what an account proves itself by"),
    (
        "account_factor_remove",
        "",
        "删除了账户的一种验证方式",
        "removed one of the things that an account proves itself by",
    ),
    ("account_factor_remove", "passkey", "删除了账户的一个通行密钥", "removed a passkey from an account"),
    ("account_first_link", "", "生成了首位管理员的一次性链接", "made the one-time link for the first administrator"),
    ("account_list", "", "查看了工作人员账户清单", "looked at the list of staff accounts"),
    ("account_open", "", "为工作人员开立了账户", "opened an account for a member of staff"),
    (
        "account_password",
        "",
        "更改了账户的密码，其他登录随即结束",
        "changed the password of an account; its other sessions ended",
    ),
    ("account_renew", "", "恢复了一项因久未使用而停用的权限", "woke a right that slept because it was not used"),
    ("account_right_end", "", "终止了账户的一项权限", "ended a right of an account"),
    ("account_right_grant", "", "授予了账户一项权限", "granted an account a right"),
    (
        "activation_issue",
        "",
        "当面核对您的证件后，为您发放了一次性激活码",
        "compared your document in person and handed you a one-time activation code",
    ),
    ("activation_redeem", "", "凭激活码把账户与您本人绑定", "bound an account to you with an activation code"),
    ("authority_add", "", "登记或变更了一个归集单位", "registered an authority, or changed its names"),
    ("authority_late", "", "记载了贵机关一次逾期答复", "recorded that your authority answered late"),
    (
        "authority_late",
        "answered",
        "在逾期答复记录中注明了答复日期",
        "noted in the record of a late answer when the answer came",
    ),
    ("authority_records", "", "查看了某机关自身的公开记录", "looked at what is public about an authority"),
    ("authority_list", "", "查看了归集单位名单", "looked at the list of authorities"),
    ("calendar_apply", "", "启用了一年的节假日安排", "put the holidays of a year to use"),
    ("calendar_check", "", "检查了节假日文件", "checked a file of holidays"),
    ("calendar_show", "", "查看了工作日安排", "looked at the working days"),
    (
        "catalogue_apply",
        "",
        "启用新目录后，按新规定重新计算了您的记录的公示期限",
        "put a new catalogue to use and computed again how long your record is shown",
    ),
    ("catalogue_check", "", "检查了目录文件", "checked the files of a catalogue"),
    ("catalogue_confirm", "", "确认已核对一项条款的原文", "confirmed that a clause was read at its source"),
    ("catalogue_history", "", "查看了目录的历次变更", "looked at the changes of the catalogue"),
    ("catalogue_impact", "", "估算了新目录的影响", "estimated what a new catalogue would change"),
    ("catalogue_show", "", "查看了目录", "looked at the catalogue"),
    ("catalogue_template", "", "下载了报送模板", "took a template for sending data"),
    (
        "channel_add",
        "",
        "添加了一个通知渠道，验证码已发往该渠道",
        "added a channel on which you are told that a notice waits; its code was sent there",
    ),
    ("channel_list", "", "查看了您的通知渠道", "looked at the channels on which you are told"),
    ("channel_prove", "", "凭验证码验证了一个通知渠道", "proved a channel with the code that was sent there"),
    (
        "channel_prove",
        "code",
        "以错误的验证码尝试验证一个通知渠道，未成功",
        "tried to prove a channel with a wrong code, in vain",
    ),
    ("channel_remove", "", "删除了一个通知渠道", "removed a channel on which you were told"),
    ("check_answer", "", "就一项办理事项核查了您的记录", "checked your records for a matter that you applied for"),
    (
        "check_answer",
        "name",
        "就一项办理事项核查您的证件号码，所报姓名不符，未获得任何信息",
        "tried to check your number for a matter under another name, and was told nothing",
    ),
    ("check_answer", "consent", "为一次核查使用了您的一项授权", "used a consent of yours for a check"),
    (
        "check_answer",
        "batch",
        "在一次经第二人批准的批量核查中核查了您提出的一件申请",
        "checked an application of yours among many at once, which a second person had approved",
    ),
    ("check_batch_answer", "", "进行了批量核查的一部分", "asked for a part of a batch of checks"),
    ("check_batch_approve", "", "作为第二人批准了一次批量核查", "approved a batch of checks as its second person"),
    ("check_batch_list", "", "查看了本单位的批量核查", "listed the batches of checks of their own authority"),
    ("check_batch_open", "", "提出了一次批量核查", "asked for a batch of checks"),
    ("check_batch_show", "", "查看了本单位的一次批量核查", "looked at a batch of checks of their own authority"),
    ("check_outcome", "", "登记了一项办理事项的办理结果", "recorded what came of a matter that you applied for"),
    ("check_preview", "", "查看了窗口办理某一事项时会看到的内容", "looked at what a window would be told for a matter"),
    ("check_slip", "", "查看了关于本人的核查", "looked at the checks about you"),
    ("client_add", "", "登记了一个单位的接口客户端", "registered a machine of an authority"),
    ("client_list", "", "查看了接口客户端清单", "looked at the list of machines"),
    (
        "client_revoke",
        "",
        "停用了一个接口客户端，或其一个密钥",
        "stopped a machine of an authority, or one of its keys",
    ),
    ("client_rotate", "", "为接口客户端登记了新的密钥", "gave a machine a new key"),
    ("complaint_answer", "", "办理了您的一件投诉", "dealt with a complaint of yours"),
    ("complaint_answer", "accepted", "受理了您的一件投诉", "took up a complaint of yours"),
    ("complaint_answer", "upheld", "答复了您的一件投诉：投诉成立", "answered a complaint of yours: it is upheld"),
    (
        "complaint_answer",
        "not_upheld",
        "答复了您的一件投诉：投诉不成立",
        "answered a complaint of yours: it is not upheld",
    ),
    (
        "complaint_answer",
        "referred",
        "把您的一件投诉转交有关单位答复",
        "handed a complaint of yours over to an authority that answers it",
    ),
    (
        "complaint_answer",
        "passed_on",
        "把您的一件投诉移送有权处理的单位",
        "passed a complaint of yours on to the authority that is competent",
    ),
    ("complaint_comment", "", "就您的一件投诉说明了情况", "commented on a complaint of yours"),
    ("complaint_figures", "", "查看了投诉办理情况的统计", "looked at figures of how complaints are answered"),
    ("complaint_file", "", "就一条留痕提出了投诉", "complained about a line of the log"),
    ("complaint_list", "", "查看了您的全部投诉", "looked at all your complaints"),
    (
        "complaint_overdue",
        "",
        "对您的投诉未在期限内答复",
        "noted that the last day for answering a complaint of yours passed",
    ),
    ("complaint_show", "", "查看了您的一件投诉，以便办理", "looked at a complaint of yours, to deal with it"),
    ("complaint_withdraw", "", "撤回了一件投诉", "took a complaint back"),
    ("complaint_work", "", "查看了待办的投诉清单", "looked at the list of complaints that wait"),
    (
        "consent_code",
        "",
        "生成了一次性授权码，凭此码可在一个窗口就一项办理事项核查一次",
        "made a one-time code: whoever is shown it may check once, in one matter at one authority",
    ),
    (
        "consent_disown",
        "",
        "声明一项授权并非自愿；凭该授权的核查随即停止，核查的单位不会得知原因",
        "said that a consent was not given freely: nothing is shared on it any more, and whoever asks is not told why",
    ),
    (
        "consent_disown",
        "again",
        "再次声明一项授权并非自愿；该授权此前已停止",
        "said once more that a consent was not given freely; it was stopped before",
    ),
    ("consent_grant", "", "授予了一项授权", "granted a consent"),
    ("consent_list", "", "查看了本人的全部授权", "looked at the consents that you gave"),
    ("consent_narrow", "", "缩小了一项授权", "narrowed a consent"),
    ("consent_receipt", "", "取得了一项授权的回执", "asked for the receipt of a consent"),
    (
        "consent_record",
        "",
        "当面核对证件、收取您签名的纸件后，登记了一次核查的授权",
        "recorded your consent to one check, on signed paper, after comparing your document in person",
    ),
    ("consent_withdraw", "", "撤回了一项授权", "withdrew a consent"),
    (
        "consent_withdraw",
        "again",
        "再次撤回了一项此前已停止的授权",
        "withdrew once more a consent that was stopped before",
    ),
    ("contact_set", "", "更改了平台的联系方式", "changed where people reach the credit office"),
    ("contact_show", "", "查看了平台的联系方式", "looked where people reach the credit office"),
    ("database_migrate", "", "更新了数据库结构", "brought the schema of the databases up to date"),
    ("database_plan", "", "查看了数据库结构的更新计划", "looked at what the schema of the databases lacks"),
    ("database_status", "", "查看了数据库结构的状态", "looked at the state of the schema"),
    ("deadline_show", "", "查看了办理期限", "looked at the deadlines"),
    ("held_list", "", "查看了待核实信息的清单", "looked at the list of rows that are held"),
    ("held_purge", "", "删除了逾期的待核实信息", "deleted held rows past their deadline"),
    (
        "held_resolve",
        "",
        "核实身份后，把一条待核实的信息归到您的名下",
        "found on evidence that a held row is about you, and attached it to you",
    ),
    ("held_show", "", "查看了一条待核实的信息", "looked at a row that is held"),
    ("installation_backup", "", "备份了数据", "made a backup"),
    ("installation_init", "", "建立了本平台", "set up this platform"),
    (
        "installation_move",
        "",
        "把全部数据迁移到另一数据库并核验",
        "moved everything to another database and verified it there",
    ),
    ("installation_restore", "", "从备份恢复了数据", "restored a backup"),
    ("installation_show", "", "查看了平台运行情况", "looked at how the installation fares"),
    (
        "issuer_link",
        "",
        "发放了把工作人员账户与其他登录提供方关联的一次性码",
        "handed over a one-time code that links an account of staff to a provider of sign-in",
    ),
    ("issuer_list", "", "查看了登录提供方清单", "looked at the list of providers of sign-in"),
    ("issuer_remove", "", "停用了一个登录提供方", "removed a provider of sign-in"),
    ("issuer_set", "", "设定了一个登录提供方", "set up a provider of sign-in"),
    ("job_list", "", "查看了后台任务", "looked at the jobs that wait"),
    ("job_run", "", "执行了后台任务", "did jobs in the background"),
    ("keys_list", "", "查看了密钥清单", "looked at the list of keys"),
    ("keys_rotate", "", "轮换了密钥", "rotated keys"),
    (
        "leak_list",
        "",
        "因可能发生泄露，从留痕中找出谁查看过您的哪些记录；没有查看记录内容",
        "looked up in the log, because of a possible leak, who had looked at which of your records; did not read what is in them",
    ),
    (
        "leak_notices",
        "",
        "因可能发生泄露，根据留痕起草了给您的告知书；没有查看记录内容",
        "drafted from the log a letter that tells you of a possible leak; did not read what is in your records",
    ),
    ("log_checkpoint", "", "读取了日志的检查点", "read the checkpoint of the log"),
    ("log_consistency", "", "核对了日志前后是否一致", "checked that the log only grew"),
    ("log_lines", "", "查阅了这份留痕记录", "read this log"),
    ("log_prove", "", "为一条留痕出具了存在证明", "made a proof that an entry stands in the log"),
    ("log_publish", "", "发布了日志", "published the log"),
    (
        "log_reveal",
        "",
        "依法暂不告知的期限已满，现告知您此前的一项处理",
        "the time for which a law ordered silence is over: you are now told of an act",
    ),
    (
        "log_reveal",
        "missing",
        "依法暂不告知的期限已满，但应当告知的那一条已经缺失",
        "the time for which a law ordered silence is over, but the entry to be told of is missing",
    ),
    (
        "log_seal",
        "",
        "有一项与您有关的处理，依法暂不告知其内容，期满后将在这里告知",
        "an act that concerns you is sealed by order of a law; what it was will be told here when that time is over",
    ),
    ("log_sequence", "", "把留痕编入日志", "took entries into the log"),
    ("log_verify", "", "核验了整个日志", "verified the whole log"),
    ("log_witness_set", "", "登记了日志的见证方", "registered a witness of the log"),
    (
        "mandate_accept",
        "",
        "凭一次性码接受了一项委托，自此可以在委托范围内代为办理",
        "accepted a mandate with its one-time code, and may act within it from now on",
    ),
    (
        "mandate_accept",
        "looked",
        "凭一次性码查看了您提出的一项委托，尚未接受",
        "looked at a mandate that you offered, with its one-time code, and did not accept it yet",
    ),
    (
        "mandate_end",
        "",
        "当面核对文书后，终止了代您办理的委托或资格",
        "ended, on a document seen in person, what somebody could do for you or you for somebody",
    ),
    ("mandate_list", "", "查看了委托", "looked at the mandates"),
    (
        "mandate_offer",
        "",
        "授予了一项委托，等待对方凭一次性码接受",
        "granted a mandate, which waits to be accepted with its one-time code",
    ),
    (
        "mandate_record",
        "",
        "当面核对双方证件和文书后，登记了一项代为办理的委托或资格",
        "recorded who acts for whom, after comparing both documents and the paper in person",
    ),
    ("mandate_resign", "", "辞去了一项委托，不再代为办理", "gave up a mandate, and acts on it no more"),
    (
        "mandate_resign",
        "again",
        "再次辞去了一项此前已停止的委托",
        "gave up once more a mandate that was stopped before",
    ),
    ("mandate_revoke", "", "撤销了一项委托，立即生效", "revoked a mandate, with effect at once"),
    (
        "mandate_revoke",
        "again",
        "再次撤销了一项此前已停止的委托",
        "revoked once more a mandate that was stopped before",
    ),
    ("matter_show", "", "查看了办理事项", "looked at the matters of windows"),
    ("notice_dead", "", "查看了未能送出的消息", "looked at the messages that could not be handed over"),
    (
        "notice_deliver",
        "",
        "经您验证过的渠道通知您有一条告知",
        "told you that a notice waits, by a channel that you had proven",
    ),
    ("notice_inbox", "", "查看了本单位收到的告知", "looked at what their authority was told"),
    ("notice_letter", "", "打印了给您的一份书面告知，准备送达", "printed a notice for you, to serve it on paper"),
    ("notice_list", "", "查看了给您的告知清单", "looked at the list of what you are told"),
    ("notice_mail_set", "", "设定了发送通知的邮件服务器", "set the mail server by which notices go out"),
    ("notice_make", "", "为您生成了一份告知", "made a notice for you"),
    (
        "notice_make",
        "reached",
        "您的一条记录变动后，告知了曾看过它、其办件尚未办结或结果不利的单位",
        "told the authorities that had been shown a record of yours, in matters that are open or ended adversely, that it has changed",
    ),
    ("notice_retry", "", "重新发送了一条未能送出的消息", "had a message tried again that could not be handed over"),
    (
        "notice_served",
        "",
        "登记书面告知已向您送达，对您的期限自该日起计算",
        "recorded that a notice was served on you: what runs against you counts from that day",
    ),
    ("notice_show", "", "阅读了给您的一份告知", "read a notice to you"),
    ("notice_undelivered", "", "查看了本单位待送达的告知", "looked at the notices that their authority has to serve"),
    ("policy_apply", "", "启用了新的权限规则", "put new policies to use"),
    ("policy_show", "", "查看了权限规则", "looked at the policies"),
    (
        "publication_confirm",
        "",
        "确认了您一条公示信息的文字；公示时只显示确认过的文字",
        "confirmed the wording of a published entry about you: only what was confirmed is shown",
    ),
    (
        "publication_draft",
        "",
        "为确认公示文字，查看了您一条公示信息隐去姓名和号码的草稿",
        "looked at the masked draft of a published entry about you, to confirm its wording",
    ),
    ("publication_list", "", "查看了公示信息清单", "looked at the list of published entries"),
    ("publication_show", "", "查看了一条公示信息", "looked at a published entry"),
    (
        "record_delete",
        "",
        "应您的要求删除了您自愿提供的一条记录，其内容已销毁，不可恢复",
        "deleted, as you wished, a record that rested on nothing else: its content can never be read again",
    ),
    (
        "record_erase",
        "",
        "依决定删除了您的一条记录，其内容已销毁，不可恢复",
        "erased a record about you by decision: its content can never be read again",
    ),
    ("record_list", "", "查阅了平台上关于您的全部记录", "read everything that is held about you"),
    (
        "record_lock",
        "",
        "依决定锁定了您的一条记录，此后的报送不能再改变它",
        "locked a record about you by decision: no later file changes it",
    ),
    (
        "record_lock",
        "correction",
        "依更正决定锁定了您的一条记录，此后的报送不能再改变它",
        "locked a record about you after a correction: no later file changes it",
    ),
    (
        "record_lock",
        "withdrawal",
        "依撤销决定锁定了您的一条记录，此后的报送不能使它恢复",
        "locked a record about you after its withdrawal: no later file brings it back",
    ),
    (
        "record_lock",
        "repair",
        "依信用修复决定锁定了您的一条记录，此后的报送不能再改变它",
        "locked a record about you after a repair: no later file changes it",
    ),
    (
        "record_unlock",
        "",
        "依新的决定解除了对您一条记录的锁定",
        "took the lock off a record about you, on a new decision",
    ),
    (
        "recovery_issue",
        "",
        "当面核对身份后，发放了账户的一次性恢复码",
        "checked in person who it is, and handed over a one-time recovery code for an account",
    ),
    ("report_issue", "", "出具了一份关于您的信用报告", "issued a report about you"),
    ("report_issue", "consent", "为出具一份报告使用了您的一项授权", "used a consent of yours for a report"),
    (
        "report_issue",
        "refused",
        "申请出具关于您的信用报告，因所填姓名与证件号码不一致，未予出具",
        "asked for a report about you; none was issued, because the name given does not agree with the number",
    ),
    ("report_verify", "", "核验了一份关于您的信用报告", "verified a report about you"),
    (
        "report_view",
        "",
        "凭核验码查看了您的一份信用报告的状态，未看到内容",
        "looked up the status of a report about you by its verification code, without its content",
    ),
    (
        "report_view",
        "content",
        "凭核验码和提取码查看了您的一份信用报告的内容",
        "read the content of a report about you with its verification code and extract code",
    ),
    (
        "report_view",
        "wrong",
        "凭核验码查看了您的一份信用报告的状态；所填提取码不正确，未看到内容",
        "looked up the status of a report about you; the extract code given was wrong, so its content was not shown",
    ),
    ("report_withdraw", "", "作废了一份关于您的信用报告", "withdrew a report about you"),
    ("session_end", "", "结束了一次登录", "ended a session"),
    ("session_end_all", "", "结束了账户的全部登录", "ended every session of an account"),
    ("session_list", "", "查看了账户当前的登录", "looked at the sessions of an account"),
    ("session_open", "", "登录了账户", "signed in to an account"),
    ("session_open", "passkey", "用通行密钥登录了账户", "signed in to an account with a passkey"),
    (
        "session_open",
        "recovery",
        "用一个备用码登录了账户，该码随即失效",
        "signed in to an account with a recovery code, which was thereby used up",
    ),
    (
        "session_reauthenticate",
        "",
        "为一项重要操作再次证明了身份",
        "proved again who they are, for an act that asks for it",
    ),
    ("sign_in_begin", "", "前往其他登录提供方登录", "went to sign in at another provider"),
    ("sign_in_finish", "", "经其他登录提供方登录了账户", "signed in to an account by another provider"),
    (
        "sign_in_finish",
        "bound",
        "首次经登录提供方核验证件号码后登录：该登录方式自此可打开您的账户",
        "signed in for the first time by a provider that vouched for the document's number: it opens your account from now on",
    ),
    ("statistics_board", "", "查看了各单位报送质量公示", "looked at the board of how authorities send"),
    ("statistics_count", "", "统计了一个月的核查次数", "counted the checks of a month"),
    ("statistics_export", "", "下载了一张统计表", "took a table of statistics"),
    ("statistics_show", "", "查看了统计", "looked at statistics"),
    ("submission_abandon", "", "放弃了一个未完成的报送批次", "gave up an unfinished submission"),
    ("submission_import", "", "报送了一批数据，其中有关于您的记录", "sent in a file that brought a record about you"),
    (
        "submission_import",
        "changed",
        "报送了一批数据，其中更新了关于您的记录",
        "sent in a file that changed a record about you",
    ),
    (
        "submission_import",
        "withdrawal",
        "报送了一批数据，其中撤销了关于您的记录",
        "sent in a file that withdrew a record about you",
    ),
    ("submission_list", "", "查看了报送批次清单", "looked at the list of submissions"),
    ("submission_recall", "", "在放行前撤回了一个报送批次", "took a submission back before its release"),
    (
        "submission_release",
        "",
        "作为第二名工作人员审核并放行了一批数据，其中关于您的记录自此生效",
        "released a submission as its second officer: the record about you in it took effect",
    ),
    ("token_issue", "", "以登记的密钥换取了短期访问令牌", "signed in as a machine of an authority, by its key"),
    (
        "follow_up_list",
        "",
        "查看了记录变动后需要处理的办件",
        "looked at what follows for their matters from records that changed",
    ),
    (
        "follow_up_settle",
        "",
        "就您一项办理结果所依据的记录变动作出了处理",
        "dealt with an outcome of yours that rests on a record which has changed since",
    ),
    (
        "follow_up_settle",
        "confirmed",
        "在所依据的记录变动后，维持了您的一项办理结果",
        "confirmed an outcome of yours, although a record on which it rested has changed",
    ),
    (
        "follow_up_settle",
        "reopened",
        "因所依据的记录变动，重新办理您的一项申请",
        "opened a matter of yours again, because a record on which its outcome rested has changed",
    ),
    (
        "objection_add",
        "",
        "为您的一件异议补充了材料或说明",
        "handed in more in an objection of yours, or put a statement beside the record",
    ),
    ("objection_decide", "", "办理了您的一件异议", "dealt with an objection of yours"),
    ("objection_decide", "accepted", "受理了您的一件异议", "took up an objection of yours"),
    (
        "objection_decide",
        "refused",
        "对您的一件异议不予受理，并说明了理由",
        "did not take up an objection of yours, and said why",
    ),
    ("objection_decide", "more_asked", "请您为一件异议补充材料", "asked you for more in an objection"),
    (
        "objection_decide",
        "corrected",
        "答复了您的异议：记录已更正",
        "answered your objection: the record was corrected",
    ),
    (
        "objection_decide",
        "withdrawn",
        "答复了您的异议：记录已撤销",
        "answered your objection: the record was withdrawn",
    ),
    (
        "objection_decide",
        "kept",
        "答复了您的异议：维持记录，并说明了理由",
        "answered your objection: the record stays, with the reasons",
    ),
    (
        "objection_file",
        "",
        "对您的一条记录提出了异议，该记录随即标注“异议中”",
        "filed an objection to a record of yours, which is marked as contested from then on",
    ),
    (
        "objection_file",
        "not_me",
        "声明您的一条记录并非本人，该记录随即停止使用",
        "said that a record of yours is not about you: it is out of use from then on",
    ),
    ("objection_identify", "", "核实了一条记录是否为您本人", "found out whether a record is yours"),
    ("objection_identify", "theirs", "依据证据认定一条记录为您本人", "found on evidence that a record is yours"),
    (
        "objection_identify",
        "not_theirs",
        "依据证据认定一条记录并非您本人，已撤销",
        "found on evidence that a record is not yours: it is withdrawn",
    ),
    ("proceeding_attachment", "", "查看了办件中的一个附件", "looked at something handed in with a proceeding"),
    ("proceeding_figures", "", "查看了各单位办理情况的统计", "looked at figures of how authorities answer"),
    ("proceeding_list", "", "查看了您的全部异议和修复办件", "looked at all your objections and repairs"),
    ("proceeding_overdue", "", "认定单位未在期限内办理", "noted that the determining authority let its last day pass"),
    (
        "proceeding_overdue",
        "stops",
        "认定单位未在期限内答复异议，该记录自次日起停止使用，直至答复",
        "noted that the authority did not answer your objection in time: the record is out of use until it does",
    ),
    ("proceeding_show", "", "查看了您的一件办件", "looked at a proceeding of yours, to deal with it"),
    ("proceeding_work", "", "查看了待办清单", "looked at the list of what waits"),
    ("repair_decide", "", "办理了您的一件信用修复", "dealt with a repair of yours"),
    ("repair_decide", "accepted", "受理了您的信用修复申请", "took up your request for repair"),
    (
        "repair_decide",
        "turned_away",
        "对您的信用修复申请不予受理，并说明了理由",
        "turned your request for repair away, and said why",
    ),
    (
        "repair_decide",
        "granted",
        "准予信用修复：该记录停止公示、共享和使用",
        "granted your repair: the record is shown, shared and used no more",
    ),
    ("repair_decide", "refused", "不予信用修复，并说明了理由", "refused your repair, and said why"),
    ("repair_file", "", "为信用修复提交了材料或说明", "handed in something toward a repair"),
    ("repair_file", "asked", "申请了信用修复", "asked for the repair of a record"),
    ("decision_verify", "", "核对了一份决定书", "verified a decision"),
    ("proceeding_decision", "", "取得了您一件办件的决定书", "took the decision of a proceeding of yours"),
    (
        "record_expire",
        "",
        "您的一条记录保存期限届满，其内容已销毁，不可恢复",
        "destroyed the content of a record of yours, whose time was over: it can never be read again",
    ),
    ("record_retention", "", "统计了保存期限届满的记录", "counted the records whose time is over"),
    (
        "subject_forget",
        "",
        "关于您已没有须依法保留的信息，您的号码、姓名和密钥已销毁",
        "nothing about you had to stay: your number, your name and your key were destroyed",
    ),
    ("record_horizon", "", "查看了您一条记录的期限、修复办法和影响", "looked at what lies ahead of a record of yours"),
];

/// What was done, if `operation` is known: the sentence of its `variant`, else its general one.
#[must_use]
pub fn act(operation: &str, variant: &str) -> Option<Say> {
    let of = |variant: &str| ACTS.iter().find(|(name, of, ..)| *name == operation && *of == variant);
    of(variant).or_else(|| of("")).map(|(_, _, zh, en)| Say::new(*zh, *en))
}

/// The role in which somebody acted, as the person concerned reads it.
#[must_use]
pub fn role(role: Role) -> Say {
    let (zh, en) = match role {
        Role::Resident => ("您本人", "you"),
        Role::Representative => ("贵单位的代表人", "a representative of your organisation"),
        Role::Clerk => ("窗口经办人员", "a clerk at the window"),
        Role::DataOfficer => ("数据报送人员", "an officer who sends data"),
        Role::Decider => ("审核人员", "the officer who releases and decides"),
        Role::IdentityClerk => ("身份核验人员", "the clerk who resolves identities"),
        Role::CreditOffice => ("信用主管部门人员", "the credit office"),
        Role::Auditor => ("审计人员", "an auditor"),
        Role::Administrator => ("平台运行维护人员", "an administrator of the platform"),
        Role::Public => ("持有核验码的人（未登录）", "somebody who holds the code, without login"),
    };
    Say::new(zh, en)
}

/// The same of an operation: whoever signs in is nobody yet, and holds no code of a report.
#[must_use]
pub fn role_in(of: Role, operation: &str) -> Say {
    const SIGNS_IN: [&str; 5] =
        ["account_begin", "activation_redeem", "session_open", "sign_in_begin", "sign_in_finish"];
    if of == Role::Public && SIGNS_IN.contains(&operation) {
        return Say::new("使用您的登录方式或启用码的人", "whoever has your way to sign in or your activation code");
    }
    role(of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{OPERATIONS, operation};

    #[test]
    fn who_signs_in_holds_no_code_of_a_report() {
        assert_ne!(role_in(Role::Public, "session_open"), role(Role::Public));
        assert_eq!(role_in(Role::Public, "report_view"), role(Role::Public));
        assert_eq!(role_in(Role::Clerk, "session_open"), role(Role::Clerk));
    }

    fn chinese(text: &str) -> bool {
        text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
    }

    #[test]
    fn every_operation_that_can_stand_in_a_log_has_words_in_both_languages() {
        let more = [ACCESS_DENY, LOG_SEAL, LOG_REVEAL];
        for name in OPERATIONS.iter().map(|o| o.name).chain(more) {
            let said = act(name, "").unwrap_or_else(|| panic!("{name} has no words"));
            assert!(chinese(&said.zh) && !chinese(&said.en), "{name}: {said}");
        }
    }

    #[test]
    fn words_are_of_operations_that_exist_and_each_sentence_stands_once() {
        for (at, (name, variant, zh, en)) in ACTS.iter().enumerate() {
            assert!(operation(name).is_some() || [ACCESS_DENY, LOG_SEAL].contains(name), "{name} is no operation");
            for (other, of, other_zh, other_en) in &ACTS[at + 1..] {
                assert!((name, variant) != (other, of), "{name} {variant} stands twice");
                assert!(zh != other_zh && en != other_en, "{name} and {other} say the same");
            }
            assert!(!zh.ends_with('。') && !en.ends_with('.'), "{name}: whoever prints it ends the sentence");
        }
    }

    #[test]
    fn an_unknown_variant_gets_the_general_sentence_and_an_unknown_operation_none() {
        assert_eq!(act("report_issue", "nonsense"), act("report_issue", ""));
        assert_ne!(act("report_issue", "refused"), act("report_issue", ""));
        assert_eq!(act("person_score", ""), None);
    }

    #[test]
    fn every_role_has_words_of_its_own() {
        for (at, one) in Role::ALL.into_iter().enumerate() {
            let said = role(one);
            assert!(chinese(&said.zh) && !chinese(&said.en));
            assert!(Role::ALL[..at].iter().all(|other| role(*other) != said));
        }
    }
}
