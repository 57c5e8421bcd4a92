## Links
me-proceedings = 异议与修复
me-proceedings-about = 提出过什么、办到哪一步、最迟哪天答复
me-notices = 告知
me-notices-about = 平台和单位告知您的事项

## A proceeding
proceedings-lead = 您提出的异议、“非本人”声明和信用修复都在这里：办到哪一步，单位最迟哪天答复，您还可以做什么。全部免费。
proceedings-none = 您没有提出过异议或者信用修复
proceedings-none-about = 记录有误的，随时可以从“我的记录”里提出。
proceeding-number = 编号
proceeding-item = 记录
proceeding-document = 决定文书号
proceeding-aspect = 针对什么
proceeding-filed = 提出
proceeding-due = 最迟答复日
proceeding-overdue = 已逾期
proceeding-late = 单位逾期
proceeding-days = { $count } 天
proceeding-step-late = 逾期 { $count } 天
proceeding-mark = 办理期间该记录
proceeding-attachments = 已提交的材料
proceeding-reached = 决定已告知
proceeding-decision = 下载决定书（PDF）
proceeding-routes = 对答复不服
proceeding-next = 您现在可以：
proceeding-go-on = 继续办理
proceeding-step = 办理什么
proceeding-text = 文字
proceeding-files = 材料
proceeding-files-hint = 可选；最多 5 个，PDF、JPEG、PNG 或者纯文本，每个不超过 5 MB。如果页面提示有误，请重新选择文件。

## Adding
addition-title = 补充材料或者附加说明
addition-lead = 补充材料供办理单位核实；记录维持的，您的说明会放在记录旁边，谁看到记录就会看到它。
addition-what = 补充什么
addition-supply = 补充材料
addition-statement = 附加说明
addition-text-hint = 附加说明不超过 { $most } 字。
addition-go = 提交
fault-statement = 附加说明不得超过 500 字，现在有 { $count } 字

## What lies ahead
horizon-title = 这条记录的去向
horizon-in-use = 正在展示和使用
horizon-not-in-use = 已不再展示和使用
horizon-stops = 停止展示
horizon-repair-from = 可以申请修复的日期
horizon-object = 提出异议
horizon-repair = 信用修复
horizon-destroyed = 内容销毁
horizon-put-off = 尚未销毁的原因
horizon-delete = 删除
horizon-way = 最短的合法途径
horizon-affects = 今天会影响哪些事项
horizon-affects-none = 今天没有事项会用到它。
horizon-measures = 法律规定可能采取的措施
horizon-measures-about = 只有列出的单位依法可以决定，须由人员作出决定并告知您；记录停止使用（到期、修复、撤销）后一律停止。
horizon-seen = 谁看到过它
horizon-seen-none = 还没有窗口或者他人看到过它。
horizon-reached = 已告知其变动的单位

## Objecting
object-title = 提出异议
object-lead = 提出之后，凡展示这条记录的地方都会立即标注；声明非本人的，核实之前停止使用。免费。
object-aspect-hint = 不是您本人的记录，请选最后一项。
object-not-me = 这不是我
object-grounds = 理由
object-grounds-hint = 写明哪里不对、应当是什么。声明“这不是我”的可以不写。
object-go = 提交异议

## Repair
repair-title = 信用修复
repair-lead = 向认定单位申请，免费；不要求任何捐赠、志愿服务或者付费。
repair-conditions = 条件
repair-documents = 材料
repair-step-hint = 申请修复须同时提交履行证明和信用承诺书。
repair-text-hint = 申请延期或者自主解释时必填。
repair-proof = 履行证明或者其他材料
repair-commitment = 信用承诺书
repair-commitment-hint = 只在申请修复时需要。

## Notices
notices-lead = 记录、决定和期限的变化都会在这里告知。打开一份，即为送达。
notices-none = 没有告知
notices-none-about = 有新的记录或者决定时，会在这里告知您。
channels-title = 通知渠道
channels-lead = 有新的告知时，平台向这里发一句提醒，请您登录查看。
channels-never = 提醒里只有本站首页的地址，不写姓名、单位、事项和内容。没有经验证的渠道，什么也不会发。
channels-none = 还没有通知渠道
channels-none-about = 没有渠道的，告知仍在这里等您；必要时由单位书面送达。
channel-kind = 种类
channel-kind-hint = 接口回调供单位的程序使用。
channel-address = 地址
channel-address-hint = 电子邮箱；接口回调填 https:// 开头的地址。
channel-add = 添加
channel-added = 添加时间
channel-proven = 验证时间
channel-failing = 有提醒没有送到：平台会再试；请核对地址是否还在使用。
channel-code = 验证码
channel-code-hint = 已发到这个地址，8 位。没有收到的，删除后重新添加。
channel-prove = 验证
channel-remove = 删除
channel-secret = 签名密钥
channel-secret-about = 只显示这一次：您的程序用它核对消息确实来自平台。

## On the records
record-ahead = 去向、异议与修复

## At the authority
desk-proceedings = 异议与修复
desk-proceedings-about = 待办的异议、“非本人”声明和信用修复，按期限排列
desk-follow-ups = 后续处理
desk-follow-ups-about = 本单位看过、后来有变动的记录
desk-figures = 办理情况
desk-figures-about = 各单位办了多少、逾期多少
work-lead = 按最迟答复日排列；这里不显示任何人的姓名。
work-none = 没有待办的异议或者信用修复
work-none-about = 有人提出后会出现在这里。
work-kind = 类型
work-waits-for-person = 等待当事人补充
work-no-day = 无期限
work-logged = 您打开了这一件，当事人的留痕中有记录。决定由您作出并写明理由，平台不作判断。
work-nothing-now = 目前没有您可以办理的步骤。
work-text-hint = 当事人会看到。除受理、准予修复外必填。
work-corrected = 更正哪些字段
work-corrected-hint = 只在答复“更正”时填写。每行一个字段：字段代码=更正后的内容；字段代码见信用目录。
fault-corrected = 每行应为：字段代码=更正后的内容
work-until = 延长到哪一天
work-until-hint = 只在延长办理期限时填写。
follow-ups-lead = 本单位核查时看过的记录，后来被更正、撤销或者修复。以它为由不予办理的，须确认原结果或者重新办理，理由会告知当事人。
follow-ups-none = 没有后续处理
follow-ups-none-about = 看过的记录有变动时会出现在这里。
follow-up-decided = 记录的变动
follow-up-told = 告知时间
follow-up-reopen = 重新办理
follow-up-confirm = 维持原办理结果
follow-up-reason = 理由（会告知当事人）
figures-lead = 只统计单位的办理和逾期，不统计任何人。
figures-own-none = 已结束的月份里没有报送
figures-own-none-about = 本单位报送的文件在月份结束后列入统计。
figures-answers = 异议与修复的办理
figures-none = 还没有异议或者信用修复
figures-none-about = 有人提出后会有数字。
figures-filed = 提出
figures-closed = 办结
figures-late = 有逾期的
figures-late-days = 逾期天数合计
figures-overdue = 今天仍逾期

# 删除凭本人自愿归集的记录
delete-title = 删除这条记录
delete-lead = 它凭您本人自愿归集，您可以随时删除，不需要理由。
delete-gone = 内容立即销毁，谁也无法恢复，备份中也读不出来。
delete-log = 这条记录曾经存在、谁看过它，仍留在您的留痕中。
delete-file = 报送单位再报也不会收；您改变主意的，请该单位凭您的新申报解锁后再报。
delete-sure = 是否删除
delete-sure-yes = 我要删除，知道无法恢复
delete-not-sure = 请先勾选，表示您知道删除后无法恢复
delete-go = 删除
delete-keep = 保留，返回
delete-by-law = 这条记录依法归集，不能凭意愿删除。内容有误的，可以提出异议；到期后内容会自行销毁。
