## home
home-home = 首页
home-records-due-process-not-score = 记录与正当程序，不是信用评分
home-platform-holds-decisions-registrations-authorities = 本平台依照公布的目录，保存各单位依法作出的决定和登记，供当事人查看、携带、异议和修复。它不给任何人打分。
home-verify-report = 核验一份报告
home-verification-code = 核验码
home-printed-beside-qr-code-28 = 印在报告首页二维码旁，共 28 位；大小写、空格和连字符不限。也可以直接扫描二维码。
home-verify = 核验
home-what-does = 平台做什么
home-takes-only-what-law-regulation = 只收法律、行政法规、中央政策文件规定可以收的信息；没有生效文书，不记不利信息。
home-display-ends-itself-when-period = 到期自动停止展示，一天也不多。
home-issues-one-verifiable-report-place = 出具一份可以核验的报告，代替多处开具证明；免费。
home-who-read-your-records-when = 谁在何时、以何目的查看过您的信息，都留痕，您都能看到。
home-what-does-not-do = 平台不做什么
home-no-score-no-grade-no = 不计算信用分、等级或者排名。
home-nothing-about-religion-health-biometrics = 不收宗教信仰、健康、生物特征、行踪、言论、消费和家庭信息，不收未成年人的信息。
home-no-consequence-one-matter-because = 不因为一件事限制与它无关的另一件事。
home-no-shaming-adverse-records-about = 不在网上公布个人的失信信息。
home-something-wrong = 觉得不对？
home-object-content-period-repair-result = 对内容、期限或者修复结果有异议的，向作出决定的单位或者本市信用主管部门提出，免费；核查期间该记录标注“异议中”。对决定本身不服的，可以依法申请行政复议或者提起行政诉讼。

## verify
verify-code-mistyped = 核验码有误
verify-scan-qr-code-report-type = 扫描报告上的二维码，或者在这里输入核验码。
verify-28-digits-letters-printed-beside = 共 28 位数字和字母，印在二维码旁。字母 O 与数字 0、字母 I、L 与数字 1 不必区分。
verify-not-verification-code-at-least = 核验码有误：请逐字核对，至少有一位不对或者位数不对。
verify-verify-your-own-machine = 不联网核验
verify-pdf-with-its-sig-file = PDF 与同名 .sig 文件、或者 JSON 文件，可以用公布的公钥清单离线核验：

## report
report-report-verification = 报告核验
report-not-file-issued = 不是平台出具的那份文件
report-file-differs-from-report-this = 您提供的文件与这个核验码对应的报告不一致：它被改动过，或者是另一份文件。请不要采信。另存、打印再扫描、转换格式也会改变文件，请使用平台下载的原文件。
report-this-pdf-issued = 就是平台出具的那份 PDF
report-byte-for-byte-same-nothing = 逐字节一致，没有任何改动。
report-this-content-signed = 就是平台签名的那份内容
report-signature-json-holds-content-what = JSON 文件的签名有效，内容与出具时一致。
report-this-report-s-signature-file = 这是该报告的签名文件
report-signature-holds-belongs-this-report = 签名有效，属于这份报告的 PDF。要确认 PDF 没有改动，请再提供 PDF 本身。
report-status = 报告状态：
report-number = 报告编号
report-issued = 出具时间
report-valid-through = 有效期至
report-fields = 领域
report-period = 期间
report-content-hash = 内容摘要
report-pdf-hash = PDF 摘要
report-paper-see-what-report-says = 纸面报告：查看真实内容
report-give-extract-code-printed-report = 输入报告上印的提取码，页面会显示平台出具时的内容，请与纸面逐项核对。每次查看都会留痕，当事人能够看到。
report-extract-code = 提取码
report-show = 查看
report-what-report-says = 报告内容
report-records-changed-since-issued-are = 报告出具后有变化的信息不再显示，条数：
report-subject = 信用主体
report-not-stated = （未提供）
report-recipient = 接收方
report-purpose = 用途
report-authority = 认定机关
report-document = 文书号
report-decided = 认定日期
report-severity = 严重程度
report-legal-basis = 归集依据
report-until = 停止展示
report-contest = 提出异议
report-repair = 信用修复
report-classes-with-nothing-reportable = 未查询到可报告信息的类别
report-text = 、
report-not-this-report = 本报告不包含
report-file-original = 电子文件：比对是否原件
report-choose-drop-pdf-json-you = 选择（或拖入）收到的 PDF 或 JSON 文件，与平台出具的文件比对。文件只用于比对，不保存；20 MB 以内。
report-file = 报告文件
report-compare = 比对

## signin
signin-sign = 登录
signin-account-begins-with-code-from = 账户凭窗口当面核对后发放的激活码开立，或由经核验证件号码的登录提供方开立；知道号码、姓名和电话都不能登录。
signin-another-provider = 通过其他提供方登录
signin-with-name-password = 用登录名和密码
signin-login-name = 登录名
signin-password = 密码
signin-six-digits-authenticator-app-recovery = 身份验证器上的 6 位数字，或一个备用码
signin-leave-empty-where-no-app = 没有启用身份验证器的，不填。只有通行密钥的，用上面的通行密钥登录，或者填一个备用码。
signin-staff-link-for-first-time = 工作人员：首次关联
signin-one-time-code-from-administrator = 管理员发放的一次性码
signin-go = 继续

## problem
problem-type-verification-code = 重新输入核验码
problem-to-me = 回到我的信用
problem-to-desk = 回到工作台
problem-to-office = 回到信用主管部门
problem-home-page = 回到首页

## away
away-link-way-sign = 关联登录方式
away-code-works-sign-at-provider = 一次性码有效。请在 10 分钟内到该提供方登录；登录后，该登录方式即可打开您的账户。
away-go = 前往

## reference
reference-interface-reference = 接口说明
reference-interface-for-systems-authorities-programs = 供单位系统和个人应用使用的接口。说明以英文书写，与机器可读的描述一致。
reference-how-call = 怎样调用
reference-sign-post-api-v1-sessions = 先登录（POST /api/v1/sessions），以后每次请求带上：
reference-officers-say-what-for-percent = ：工作人员须写明用途（百分号编码的 UTF-8）；用途会留痕并向当事人展示。
reference-whoever-holds-several-rights-says = ：账户有多项权限时，写明以哪一项办理。
reference-every-refusal-problem-document-rfc = 每一次拒绝都是中英文对照的 problem+json（RFC 9457）；
reference-who = 谁可以用
reference-everybody = 任何人
reference-whoever-signed = 已登录的任何人
reference-required = 必填
reference-body = 内容
reference-done-nothing-say = 已办，没有内容
reference-refusals = 拒绝
reference-bodies = 内容
reference-optional = 可省略

## home, more
home-way-me = 查我的信用
home-way-me-about = 平台保存了什么、谁看过、出具报告、管理授权
home-way-catalogue-about = 可以记录什么、由谁记录、依据哪一条、多长时间
home-way-matters-about = 办事窗口可以核查什么，核查结果意味着什么
home-way-contest = 怎样提出异议
home-way-contest-about = 内容、期限或者修复结果不对
home-way-repair = 怎样修复信用
home-way-repair-about = 条件、材料、期限；免费
home-way-log-about = 每一步都留痕，任何人都可以核对

## catalogue
catalogue-lead = 平台只收目录上的 { $count } 项。不在目录上的，不收。点开任何一项，可以看到由谁记录、依据哪一条、公示多久、怎样异议和修复。
catalogue-item = 信用事项
catalogue-lines = 共 { $count } 项
catalogue-item-lead = 以下是目录中关于这一事项的全部规则。每条规则注明依据。

## matters
matters-lead = 窗口工作人员只能为一个具体事项核查，只看到这一事项依法需要的内容。核查结果由人决定，并告知申请人。
matters-matter = 办理事项
matter-ground = 凭什么核查
matter-on-consent = 须经本人同意
matter-on-duty = 依法履行职责
matter-clause = 依据
matter-who = 可以核查的单位
matter-nobody = 本市目前没有办理这一事项的单位
matter-from = 自何日起
matter-lead-duty = 办理这一事项的单位依法核查，不需要您另行同意。您能看到每一次核查和结果。
matter-lead-consent = 只有您同意，窗口才能核查。不同意不影响您按普通流程办理。
matter-relevant = 会看什么
matter-relevant-lead = 只看下列内容，其余一概不显示。
matter-can-do = 您可以怎样做
matter-eases = 便利
matter-preview = 看看窗口会得到什么答复

## learn
learn-lead = 用平实的话说明规则、权利和办法。

## log
log-lead = 每一次写入、查看、决定都先留痕再生效。留痕只追加、不修改；任何改动都会被发现。这里公布的只是无法还原的摘要，不含任何人的信息。
log-fault = 留痕有矛盾，平台已停止写入
log-origin = 名称
log-size = 条数
log-key = 公钥
log-checkpoint = 检查点
log-checkpoint-about = 这是平台签名的最新状态：名称、条数、整棵树的摘要、签名。保存它，以后就能证明当时的内容没有被改动。
log-checkpoint-file = 下载检查点
log-key-file = 下载公钥
log-none = 还没有检查点。
log-check = 怎样核对
log-check-keep = 定期保存检查点，存在平台之外。
log-check-compare = 用新旧两个检查点核对：新的必须包含旧的全部内容。
log-check-own = 登录后，在“谁看过我的信用”里查看自己的每一条留痕。
log-nobody = 任何人都可以做见证：对检查点再签一次名。

## report, in words
report-means-valid = 平台出具过这份报告，其中的信息至今没有变化。纸面内容是否一致，请用下面的方法核对。
report-means-changed = 报告出具后，其中有信息已经变更、修复或者停止展示。请向当事人索取新的报告，不要再依据这一份。
report-means-expired = 报告已过有效期，平台不再展示其内容。需要时请当事人重新申请，免费。
report-means-withdrawn = 报告已经作废，不得再作为依据；平台不再展示其内容。
report-extract-wrong = 提取码不正确，请对照报告核对。
report-extract-wrong-wait = 提取码不正确，请对照报告核对。请于 { $until } 之后再试。
report-extract-paused = 提取码连续输错，暂停核对。请于 { $until } 之后再试。

## sign-in, more
signin-then-back = 这一页需要登录。登录后会回到刚才的页面。
passkey-button = 用通行密钥登录
passkey-or = 或者用密码：
passkey-stopped = 没有完成。请重试，或者用密码登录。
passkey-needs-script = 通行密钥需要浏览器运行脚本；没有脚本时请用密码登录。
begin-have-code = 我有激活码
begin-title = 启用账户
begin-lead = 在窗口当面核对证件后，工作人员会给您一个一次性激活码。工作人员账户的激活码由管理员发放。
begin-code = 一次性码
begin-code-hint = 印在窗口给您的凭条上；空格和连字符可以不输。
begin-go = 继续
begin-choose = 激活码有效。请设置登录名和密码。
begin-recovers = 激活码有效。请重新设置密码；原有的登录全部结束。
begin-who = 登录名和密码
begin-login-hint = 自己选一个，不要用证件号码。
begin-name = 姓名或称呼
begin-password = 密码
begin-password-hint = 至少 12 个字符；三四个不相干的词最好记。
begin-app = 身份验证器
begin-app-must = 工作人员必须启用。把下面的密钥输入身份验证器应用，再填写它显示的 6 位数字。
begin-app-may = 建议启用：把下面的密钥输入身份验证器应用，再填写它显示的 6 位数字。不启用的，数字留空。
begin-app-open = 在本机的验证器中打开
begin-digits = 验证器显示的 6 位数字
begin-digits-hint = 每 30 秒变一次。
begin-do = 启用
begun-title = 账户已启用
begun-lead = 登录名是 { $login }。现在可以登录。
recovery-codes = 备用码
recovery-codes-about = 手机丢失时，用其中一个代替验证器的数字；每个只能用一次。只在这里显示一次，请抄下或打印，放在安全的地方。

decision-title = 决定书核对
decision-lead = 该决定书由本平台出具。请与纸件逐项对照。
decision-number = 编号
decision-kind = 事项
decision-outcome = 决定
decision-day = 决定日期
decision-authority = 作出单位
decision-about = 本页只显示以上各项，不显示当事人和记录内容。已收到旧记录的单位和网站应当据此更新。
