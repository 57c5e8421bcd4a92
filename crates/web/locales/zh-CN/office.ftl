## Links
nav-office = 信用主管部门
office-overview = 概览
office-overdue = 逾期未办
office-complaints = 投诉
office-submissions = 各单位报送
office-statistics = 统计
office-catalogue = 目录变更
office-operations = 运行情况
office-leak = 泄露处置
desk-office-about = 督促办理、投诉、统计、运行情况

## Overview
office-lead = 督促各单位按期报送和办理，答复投诉。这里看不到任何人的记录。
office-none = 您的账户没有信用主管部门的权限。
office-waits = 正在等待的
office-waits-complaints = 投诉
office-waits-proceedings = 各单位的异议和修复
office-waits-release = 近期等待放行的批次
office-pieces = { $count } 件
office-late = 逾期 { $count } 件
office-files = { $count } 批
office-overdue-about = 已过最后一天的异议、修复和投诉
office-complaints-about = 受理、答复、移送；被投诉单位说明情况
office-submissions-about = 全部单位的批次和进度，不看内容
office-statistics-about = 及时率、采用率、覆盖、办理结果；可下载
office-catalogue-about = 历次启用的目录，及其对现有记录的影响
office-operations-about = 版本、任务、留痕、核验和备份
office-contact = 联系方式
office-contact-about = 各页面页脚上的电话、地址和服务时间
office-contact-lead = 这些内容显示在每个页面的页脚。没有填写的不显示；改动立即生效，并留痕。
contact-phone = 电话
contact-phone-hint = 只含数字、空格和 + - ( )，例如 0990-123456。
contact-place = 窗口地址
contact-place-en = 窗口地址（英文）
contact-hours = 服务时间
contact-hours-hint = 例如：工作日 9:00–12:00、13:30–17:30。
contact-hours-en = 服务时间（英文）
contact-en-hint = 不填写时，英文页面显示中文内容。
contact-go = 保存
office-leak-about = 发生泄露以后怎么办

## Overdue
overdue-lead = 最后一天已过的，先到期的在前。只有编号，没有姓名；内容由承办单位查看。
overdue-none = 没有逾期的
overdue-none-about = 有过了最后一天的会列在这里。

## Complaints
office-complaints-lead = 当事人就自己留痕中的一条提出的投诉，先到期的在前。投诉不影响任何记录。
office-complaints-none = 没有待办的投诉
office-complaints-none-about = 有新的投诉会列在这里。
office-complaint-title = 投诉 { $number }
complaint-logged = 打开即留痕，当事人看得到是哪个单位、什么角色、何时打开。
complaint-about = 被投诉的操作
complaint-act = 做了什么
complaint-who = 谁做的
complaint-at = 时间
complaint-purpose = 当时注明的用途
complaint-basis = 依据
office-complaint-you = 以下是投诉人留痕中的原文，其中的“您”指投诉人。
office-complaint-words = 当事人的话
complaint-to = 接办单位代码
complaint-to-hint = 18位；仅在转交时填写。
complaint-text-hint = 成立、不成立、移送均须写明理由；当事人会看到。
complaint-comment = 情况说明
complaint-comment-hint = 说明不是答复，期限照常计算；当事人会看到。

## Submissions
office-submissions-lead = 全部单位报送的批次，新的在前。只看进度，不看内容。
office-submissions-none = 有单位报送后，批次会列在这里。
office-older = 更早的批次

## Statistics
statistics-lead = 统计的是单位的工作和目录事项，不统计人。单位按代码排列，不排名，不设目标。只公布已结束的月份和季度。
statistics-months = 选择月份
statistics-none = 没有可统计的内容
statistics-none-about = 该时段没有发生，或者尚未统计。
statistics-csv = 下载 { $table }.csv
statistics-xlsx = 下载 { $table }.xlsx
statistics-withheld = “—”：不足五，或者由它可以推算出不足五的数字，因此不显示；网页、图和下载的文件相同。“≥”“≤”：缺少的或者符合的不足五，只给出界限。
chart-about = 条形图，共 { $count } 条；数字在下面的表格中。

## Changes of the catalogue
history-lead = 每次启用新目录，都按新规定重新计算现有记录的公示期限。以下取自留痕日志。
history-none = 没有变更过
history-none-about = 安装以来一直使用同一目录。
history-caption = 目录的历次变更
history-applied = 启用时间
history-version = 目录
history-in-use = 现用
history-examined = 涉及的记录
history-changed = 有变化
history-earlier = 公示提前结束
history-later = 公示延后结束
history-before = 启用之前
history-before-about = 新目录会带来什么变化，由工作人员在控制台估算；要逐条读取有关事项的记录，因此不在网页上进行。

## Operations
operations-lead = 平台本身的运行情况，不涉及任何人。
operations-schema-behind = 数据库结构与程序不一致：请运行 chengxin migrate plan 查看。
operations-check-findings = 上次核验发现了问题：请运行 chengxin log verify 查看并处理。
operations-version = 程序版本
operations-schema = 数据库结构（现有 / 需要）
operations-log-size = 留痕日志的条数
operations-log-last = 最新一条
operations-checked = 上次核验
operations-saved = 上次备份
operations-unknown = 本机没有记载
operations-queues = 后台任务
operations-queues-none = 没有等待的任务
operations-queues-none-about = 有任务等待时会列在这里。
operations-queues-caption = 按类别
operations-job = 任务
job-keys-destroy = 销毁密钥
job-tidy = 每日整理
job-notice-make = 生成通知
job-notice-send = 查找通知渠道
job-notice-deliver = 送达通知
job-channel-code = 发送联系方式验证码
job-repair-possible = 提示可以申请修复
job-record-expire = 到期记录的处理
job-subject-forget = 清除不再留存记录的主体
job-authority-late = 登记单位逾期
job-record-reach = 告知曾看过变更记录的单位
job-repair-moved = 目录变更后重算可修复之日
operations-waiting = 等待
operations-due = 已到时间
operations-failing = 上次失败
operations-dead = 已放弃
operations-help = 已放弃的由运行维护人员重试（chengxin notice dead）。数据库服务器自身的备份不在这里记载。

## After a leak
leak-lead = 有人的信息被不该看到的人看到时，依法告知当事人。被谁看到、看到什么，都在留痕日志里。
leak-steps = 怎么办
leak-step-stop = 先停用有关账户、会话或者接口密钥。
leak-step-search = 在控制台按账户、密钥、登录或者时间查明谁被触及。查找本身留痕，并在每位被列出者的留痕中写一条。
leak-step-letters = 由信用主管部门起草告知书，写明原因、危害、措施、建议和联系方式。
leak-step-serve = 由人核对并送达。
leak-why = 为什么不在网页上查找
leak-why-about = 它要走遍所有人的留痕，并写出关于许多人的文件；这样的内容不应经过网络。

## Board
nav-quality = 报送质量公示
board-lead = { $month } 各单位报送的及时率和采用率。按单位代码排列，不排名。
board-caption = { $month }
board-none = 该月没有验收的批次
board-none-about = 有单位报送后，下个月在这里公布。
board-files = 批次
board-in-time = 及时率
board-taken = 采用率
board-how = 怎样统计
board-how-in-time = 及时率：目录规定了报送时限的事项（行政许可、行政处罚为自决定之日起七个工作日），首次报送的记录中在时限之内验收的比例。
board-how-taken = 采用率：各行中既未退回也未待核实的比例。
board-how-small = “—”表示不足五行；“≥”表示不合格的不足五行，只给出界限。
board-how-order = 只公布比例，不公布涉及多少人、多少记录。
about-authority-lead = 关于这个机关自身的记录，截至 { $day }。
about-authority-none = 没有关于这个机关的记录
about-authority-none-about = 逾期不答复、被撤销的决定、未履行的判决等，一经认定，会在这里公布。
about-authority-day = 认定日期
about-authority-by = 认定单位
about-authority-until = 停止展示日
about-authority-item = 这个事项的依据和期限
about-authority-what = 机关和居民、企业一样受记录约束：它逾期不答复异议，平台就依目录记下它。这里不含任何个人的信息。
